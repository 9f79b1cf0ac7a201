/** At most `max` UTF-16 units, ended by an ellipsis where something is missing, never in the middle of a character. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  // One unit more than can be kept, or half a skin tone at the edge would look like a character of its own.
  const edge = text.slice(0, max + 1);
  let short = '';
  for (const { segment } of new Intl.Segmenter().segment(edge)) {
    if (short.length + segment.length > max - 1) break;
    short += segment;
  }
  return `${short.trimEnd()}…`;
}
