/**
 * A text in one of Unicode's normal forms, in time that grows with its length. Marks are put in order there, which takes
 * the square of their number, so no letter keeps more than any script has on one.
 */
export function normalized(text: string, form: 'NFC' | 'NFKC' | 'NFKD'): string {
  return text.replace(TOO_MANY_MARKS, '$1').normalize(form);
}

const TOO_MANY_MARKS = /(\p{M}{16})\p{M}+/gu;
