/**
 * A text in one of Unicode's normal forms, in time linear in its length. Normalization sorts the marks of a letter,
 * which takes time quadratic in their number, so each letter keeps only as many as any script uses.
 */
export function normalized(text: string, form: 'NFC' | 'NFKC' | 'NFKD'): string {
  return text.replace(TOO_MANY_MARKS, '$1').normalize(form);
}

const TOO_MANY_MARKS = /(\p{M}{16})\p{M}+/gu;
