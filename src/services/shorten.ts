/** Cuts a text to at most `max` UTF-16 units, never within a character, and ends a cut text with an ellipsis. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  // One unit more than can be kept; otherwise half a skin tone at the edge would look like a whole character.
  const edge = text.slice(0, max + 1);
  let short = '';
  for (const { segment } of new Intl.Segmenter().segment(edge)) {
    if (short.length + segment.length > max - 1) break;
    short += segment;
  }
  return `${short.trimEnd()}…`;
}
