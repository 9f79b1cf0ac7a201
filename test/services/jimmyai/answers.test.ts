import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Answer,
  readCreatedTask,
  readTaskReport,
  readUploadedFile,
} from '../../../src/services/jimmyai/answers.ts';
import { JimmyAiError } from '../../../src/services/jimmyai/errors.ts';

const BASE_URL = new URL('https://jimmyai.test');

const looseValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('completed', 'failed', 'queued', 20000, '20000', -1),
);
const looseData = fc.record(
  {
    task_id: looseValue,
    status: looseValue,
    progress: looseValue,
    result: fc.oneof(looseValue, fc.record({ image_url: looseValue, image_urls: looseValue })),
    error_message: looseValue,
    url: looseValue,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.string(),
  fc.json(),
  looseData.map((data) => JSON.stringify(data)),
  fc
    .record({ code: looseValue, msg: looseValue, data: looseData })
    .map((envelope) => JSON.stringify(envelope)),
);
const answer: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(200, 201, 302, 400, 401, 402, 404, 429, 500, 502, 503),
  text: body,
  retryAfterMs: fc.constantFrom(null, 1_000),
  chargedIfUnclear: fc.constantFrom('no', 'maybe'),
});

test('whatever comes back is read, or refused with a JimmyAiError', () => {
  fc.assert(
    fc.property(answer, (received) => {
      for (const read of [readCreatedTask, readUploadedFile, (a: Answer) => readTaskReport(a, BASE_URL)]) {
        try {
          read(received);
        } catch (error) {
          expect(error).toBeInstanceOf(JimmyAiError);
          if (received.chargedIfUnclear === 'no') expect(error).toMatchObject({ charged: 'no' });
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('progress is a whole number from 0 to 100, or nothing', () => {
  fc.assert(
    fc.property(looseValue, (progress) => {
      const text = JSON.stringify({ status: 'processing', progress });
      const report = readTaskReport(
        { status: 200, text, retryAfterMs: null, chargedIfUnclear: 'no' },
        BASE_URL,
      );
      if (report.status !== 'running') throw new Error('expected a running task');
      if (report.progress === null) return;
      expect(report.progress).toSatisfy((percent: number) => Number.isInteger(percent));
      expect(report.progress).toBeGreaterThanOrEqual(0);
      expect(report.progress).toBeLessThanOrEqual(100);
    }),
  );
});
