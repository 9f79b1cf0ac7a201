import { shorten } from '../services/shorten.ts';

/**
 * Text that Discord shows literally: no formatting, mention, link, timestamp or emoji in it takes effect. Discord's
 * markdown drops a backslash before any character that is neither a letter, a digit nor white space.
 */
export function literal(text: string): string {
  return (
    text
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '') // what turns the direction of all that follows
      .replace(/[\\`*_~|<[\]]/g, '\\$&')
      // A line at a time: white space that could go on over line breaks is looked through again from each of them.
      .replace(/^([^\S\n\r\u2028\u2029]*)([#>+-])/gm, '$1\\$2') // headings, quotes, lists, small print
      .replace(/^([^\S\n\r\u2028\u2029]*\d+)([.)])/gm, '$1\\$2') // numbered lists
      .replace(/@(?=everyone|here)/g, '\\@')
      .replace(/:(?=\/\/|[\w+-]+:)/g, '\\:')
  ); // bare addresses, emoji
}

/** The same, each line behind a quote mark. */
export function quote(text: string): string {
  return literal(text.trim())
    .split(/\r\n?|[\n\v\f\x85\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n');
}

const FILE_NAME_SHOWN_CHARACTERS = 100;

/** The name that somebody's file has, as a part of a sentence. */
export function fileName(name: string): string {
  return literal(shorten(name, FILE_NAME_SHOWN_CHARACTERS).replace(/\s+/g, ' '));
}

/** A time that Discord keeps counting by itself ("in 20 seconds"). */
export function relativeTime(atMs: number): string {
  return `<t:${Math.round(atMs / 1000)}:R>`;
}
