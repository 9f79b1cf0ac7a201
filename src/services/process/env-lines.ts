/** A line of a `.env`, or several lines if a quoted value spans them. */
export interface Line {
  /** The text, including its line end. */
  readonly text: string;
  /** The name that the line sets, if any. */
  readonly assigns: string | null;
}

export const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*/;
export const LINE_END = /\r?\n$/;
export const QUOTES = `'"\``;

/** Splits a `.env` into whole assignments, since a quoted value may span several lines. */
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

/** The end of a quoted value that begins here; the end of the line if the quotes aren't closed. */
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
