import type { Oddity } from '../jimmyai/misbehaviour.ts';

interface Answer {
  readonly data: readonly { readonly b64_json?: string | undefined }[];
}

/** The answer in a form in which servers of this API were seen to send it. */
export function inOtherForm(as: Extract<Oddity, { kind: 'other-form' }>['as'], answer: Answer): Response {
  const { b64_json: bytes = '' } = answer.data[0] ?? {};
  switch (as) {
    case 'event-stream': {
      const events = [
        // A preview of the image, which isn't finished.
        { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: bytes.slice(0, 400) },
        { type: 'image_generation.completed', b64_json: bytes },
      ];
      const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
      return bodyOf(`: heartbeat\n\n${text}data: [DONE]\n\n`, 'text/event-stream');
    }
    case 'json-lines':
      return bodyOf(`{"completed":1,"total":4}\n${JSON.stringify(answer)}\n`, 'application/x-ndjson');
    case 'file':
      return bodyOf(Buffer.from(bytes, 'base64'), 'image/png');
    case 'heartbeats':
      return bodyOf(` \n \n${JSON.stringify(answer)}`, 'application/json');
  }
}

function bodyOf(body: string | Buffer<ArrayBuffer>, type: string): Response {
  return new Response(body, { headers: { 'content-type': type } });
}
