import { shorten } from '../shorten.ts';

/** Discord's limit for an attachment's description. */
const ALT_TEXT_MAX_CHARACTERS = 1024;
const SLUG_MAX_CHARACTERS = 60;

/** A readable file name: `a-fox-in-the-snow-gpt-image-2.png`. Letters and digits of any script stay. */
export function imageFileName(request: { prompt: string; model: string }, extension: string): string {
  const slug = slugOf(request.prompt);
  return `${slug ? `${slug}-` : ''}${request.model}.${extension}`;
}

/** The prompt as alt text, shortened to what Discord takes. */
export function altText(prompt: string): string {
  return shorten(prompt.trim(), ALT_TEXT_MAX_CHARACTERS);
}

function slugOf(prompt: string): string {
  const words =
    prompt
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  let slug = '';
  for (const word of words) {
    const longer = slug ? `${slug}-${word}` : word;
    if (longer.length > SLUG_MAX_CHARACTERS) break;
    slug = longer;
  }
  return slug || [...(words[0] ?? '')].slice(0, SLUG_MAX_CHARACTERS / 2).join('');
}
