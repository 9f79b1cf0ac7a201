import { shorten } from '../services/shorten.ts';

/**
 * Escapes text so that Discord shows it literally, without formatting, mentions, links, timestamps or emoji. Discord's
 * markdown removes a backslash before any character that is neither a letter, a digit nor white space.
 */
export function literal(text: string): string {
  return (
    text
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '') // these change the direction of all that follows
      .replace(/[\\`*_~|<[\]]/g, '\\$&')
      // The white space excludes line breaks, or else it would be searched again from each line.
      .replace(/^([^\S\n\r\u2028\u2029]*)([#>+-])/gm, '$1\\$2') // headings, quotes, lists, small print
      .replace(/^([^\S\n\r\u2028\u2029]*\d+)([.)])/gm, '$1\\$2') // numbered lists
      .replace(/@(?=everyone|here)/g, '\\@')
      .replace(/:(?=\/\/|[\w+-]+:)/g, '\\:')
  ); // bare URLs, emoji
}

/** The same, as a quotation. */
export function quote(text: string): string {
  return literal(text.trim())
    .split(/\r\n?|[\n\v\f\x85\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n');
}

const FILE_NAME_SHOWN_CHARACTERS = 100;

/** The name of a person's file, for use in a sentence. */
export function fileName(name: string): string {
  return literal(shorten(name, FILE_NAME_SHOWN_CHARACTERS).replace(/\s+/g, ' '));
}

/** A time that Discord counts down by itself ("in 20 seconds"). */
export function relativeTime(atMs: number): string {
  return `<t:${Math.round(atMs / 1000)}:R>`;
}
