/** A line that can begin an event stream (HTML, "Server-sent events"). */
const STREAM_START = /^\uFEFF?\s*(?::|(?:event|data|id|retry):)/;
/** Where one JSON object ends and the next begins. Within a text, JSON has no line breaks. */
const NEXT_LINE = /\}\r?\n\s*\{/;
const BLANK_LINE = /\r\n\r\n|\n\n|\r\r/;
const LINE = /\r\n|\n|\r/;

/**
 * The JSON of the final event in an event stream or in lines of JSON, which some servers send without being asked. An
 * earlier event may contain an unfinished image. Null for any other text.
 */
export function finalEventIn(text: string): string | null {
  const events = STREAM_START.test(text) ? dataOf(text) : NEXT_LINE.test(text) ? text.split(LINE) : [];
  return events.findLast((event) => event.trim().startsWith('{') && !isPartial(event)) ?? null;
}

/** The data of each event. Comments and other fields say nothing about the image. */
function dataOf(stream: string): string[] {
  return stream.split(BLANK_LINE).map((event) =>
    event
      .split(LINE)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice('data:'.length))
      .join('\n'),
  );
}

/** OpenAI's `image_generation.partial_image` and `image_edit.partial_image`. */
function isPartial(event: string): boolean {
  return /"type"\s*:\s*"[\w.]*partial_image"/.test(event);
}
