/** A line of a `.env`, or several where a value in quotes goes over them. */
export interface Line {
  /** With its line end. */
  readonly text: string;
  /** The name that it gives a value to, if any. */
  readonly assigns: string | null;
}

export const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*/;
export const LINE_END = /\r?\n$/;
export const QUOTES = `'"\``;

/** Whole assignments: a value in quotes may go over several lines, which are none of their own. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let rest = text; rest !== ''; ) {
    const start = ASSIGNMENT.exec(rest);
    const end = endOfLine(rest, start ? endOfQuoted(rest, start[0].length) : 0);
    lines.push({ text: rest.slice(0, end), assigns: start?.[1] ?? null });
    rest = rest.slice(end);
  }
  return lines;
}

/** Where a value that begins here in quotes has ended; where it has none, it ends with its line. */
export function endOfQuoted(text: string, from: number): number {
  const quote = text.charAt(from);
  if (!QUOTES.includes(quote)) return from;
  const closing = text.indexOf(quote, from + 1);
  return closing < 0 ? from : closing + 1;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
