import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBody } from '../../../src/services/image-service/body.ts';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import { readImage } from '../../../src/services/openai/answers.ts';

const BASE = new URL('https://images.test/v1');
/** Only these prove that nothing was made, whatever stands in the body. */
const CLIENTS_FAULT = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 499;

const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '20000',
    '20001',
    '-1',
    'insufficient_quota',
    'content_policy_violation',
    'data:image/png,%',
  ),
);
const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.boolean());
const image = fc.record({ url: value, b64_json: value, revised_prompt: value }, { requiredKeys: [] });
const body = fc.oneof(
  fc.jsonValue(),
  fc.record({ created: value, data: fc.oneof(fc.array(image), value) }, { requiredKeys: [] }),
  fc.record({
    error: fc.oneof(value, fc.record({ message: value, type: value, code: value, param: value })),
  }),
  fc.record({ code: value, msg: value, data: fc.oneof(value, fc.record({ data: fc.array(image) })) }),
);

test('whatever a server answers, it is an image, or one kind of error that claims no more than is certain', () => {
  fc.assert(
    fc.property(fc.constantFrom(200, 302, 400, 403, 408, 429, 499, 500, 504), body, (status, json) => {
      const read = readBody(Buffer.from(JSON.stringify(json) ?? ''), 'sk-secret', { wantsImage: true });
      const answer = { status, ...read, retryAfterMs: null, chargedIfUnclear: 'maybe' as const };
      try {
        const made = readImage(answer, BASE);
        if ('url' in made) expect(made.url).toMatch(/^https?:/);
        else expect(Buffer.isBuffer(made.bytes)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ImageServiceError);
        const { charged } = error as ImageServiceError;
        if (status >= 500 || status === 408 || status === 499) expect(charged).toBe('maybe');
        else if (charged === 'no') expect(CLIENTS_FAULT(status) || isRefusedInEnvelope(json)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});

/** JimmyAI refuses with HTTP 200, and with a code and its reason. */
function isRefusedInEnvelope(json: unknown): boolean {
  const { code = null, msg = null } = { ...(json as { code?: unknown; msg?: unknown } | null) };
  return code !== null && msg !== null && !['20000', '0', '-1'].includes(String(code).trim());
}
