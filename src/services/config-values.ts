import { z } from 'zod';
import { unquoted } from './quotes.ts';

/** As it is copied: with a comment behind it, or after the word that stands before it in a header. */
const asCopied = (text: string) => unquoted(text.replace(/\s+#.*$/s, '').replace(/^(?:Bot|Bearer)\s+/i, ''));

/** A key or token. It goes into a header, where a line break or a space would break every request. */
export const secret = z
  .string()
  .transform(asCopied)
  .pipe(
    z.string().regex(/^[\x21-\x7e]+$/, {
      error: ({ input }) =>
        `must not contain spaces, line breaks or letters of other alphabets; it has ${strangerIn(input)}`,
    }),
  );

/** Its first character that no secret has, by its number: it may be one that can't be seen. */
function strangerIn(text: unknown): string {
  const found = /[^\x21-\x7e]/u.exec(String(text));
  if (!found) return 'nothing in it';
  const number = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${number} at place ${found.index + 1}`;
}

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });
