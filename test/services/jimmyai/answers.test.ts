import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condense } from '../../../src/services/image-service/condense.ts';
import type { Answer } from '../../../src/services/image-service/envelope.ts';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import { readCreatedTask, readTaskReport, readUploadedFile } from '../../../src/services/jimmyai/answers.ts';

const API_KEY = 'sk-secret-key';
const BASE_URL = new URL('https://jimmyai.test');

const looseValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('completed', 'Failed', 'queued', 20000, '20000', -1),
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
  json: body.map((text) => condense(text, API_KEY)),
  retryAfterMs: fc.constantFrom(null, 1_000),
  chargedIfUnclear: fc.constantFrom('no', 'maybe'),
});

function answerWith(body: object | string): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status: 200, json: condense(text, API_KEY), retryAfterMs: null, chargedIfUnclear: 'no' };
}

test('whatever comes back is read, or refused with a ImageServiceError', () => {
  fc.assert(
    fc.property(answer, (received) => {
      for (const read of [readCreatedTask, readUploadedFile, (a: Answer) => readTaskReport(a, BASE_URL)]) {
        try {
          read(received);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageServiceError);
          if (received.chargedIfUnclear === 'no') expect(error).toMatchObject({ charged: 'no' });
        }
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  [{ task_id: 4711 }, '4711'],
  [{ task_id: 't-1' }, 't-1'],
  [{ taskId: 't-1' }, 't-1'],
  [{ taskID: 't-2', task_id: 't-1' }, 't-1'],
])('the task id of %j is read as %j', (data, taskId) => {
  expect(readCreatedTask(answerWith({ code: '20000', data }))).toEqual({ taskId });
});

test.each(['', 0, 1.5, 2 ** 60, true, {}, null])('%j is no task id: the create may be charged', (task_id) => {
  const received = {
    ...answerWith({ code: '20000', data: { task_id } }),
    chargedIfUnclear: 'maybe' as const,
  };
  expect(() => readCreatedTask(received)).toThrow(
    expect.objectContaining({ kind: 'malformed-answer', charged: 'maybe' }),
  );
});

test.each(['.', '..', 'x'.repeat(257), 'a\nb', '\u001b[2J', '\ud800', 2 ** 60, {}, true])(
  'where an id such as %j stands beside a refusal, the create may be charged all the same',
  (task_id) => {
    const received = {
      ...answerWith({ code: -1, msg: 'server error', data: { task_id } }),
      chargedIfUnclear: 'maybe' as const,
    };
    expect(() => readCreatedTask(received)).toThrow(
      expect.objectContaining({ kind: 'malformed-answer', charged: 'maybe' }),
    );
  },
);

test.each(['task/1?a=b#c', 'dGFzaw==', '任务-1', 'a b', 'x'.repeat(256)])('%j is a task id', (task_id) => {
  expect(readCreatedTask(answerWith({ code: '20000', data: { task_id } }))).toEqual({ taskId: task_id });
});

describe('a task with odd fields', () => {
  const read = (data: object) => readTaskReport(answerWith({ code: '20000', data }), BASE_URL);
  const image_url = 'https://cdn.test/a.png';
  const completed = { status: 'completed', imageUrl: image_url, completedAt: null };

  test.each([
    [{ error_message: { code: 500 } }, null],
    [{ error_message: ['no'], error_msg: 'older' }, 'no'],
    [{ error_message: 500 }, '500'],
    [{ error_message: false, fail_reason: 'oldest' }, 'oldest'],
  ])('has failed with %j', (fields, reason) => {
    expect(read({ status: 'failed', ...fields })).toEqual({ status: 'failed', reason });
  });

  test.each([[[]], [''], ['soon'], [0], [{ image_url: 0, image_urls: 'none' }]])(
    'is running with the result %j',
    (result) => {
      expect(read({ status: 'processing', result })).toMatchObject({ status: 'running' });
    },
  );

  test.each([
    { image_url, image_urls: [null, 7, {}] },
    { image_url, image_urls: 'none' },
    { image_url: ` ${image_url}\n` },
    { image_url: {}, image_urls: [null, ' ', image_url] },
    { image_url: 'http://', image_urls: [image_url] },
    { image_url: 'data:image/png;base64,AA==', image_urls: [image_url] },
  ])('is completed with the result %j', (result) => {
    expect(read({ status: 'completed', result })).toEqual(completed);
  });

  test.each([undefined, null, [], '', {}, { image_url: ' ' }, { image_url: 'http://' }, { image_urls: [7] }])(
    'is malformed when completed with the result %j',
    (result) => {
      expect(() => read({ status: 'completed', result })).toThrow(
        expect.objectContaining({ kind: 'malformed-answer' }),
      );
    },
  );

  test.each([
    ['SUCCESS', 'completed'],
    [' Completed\n', 'completed'],
    ['Failed', 'failed'],
    ['CANCELLED', 'failed'],
    ['Queued', 'waiting'],
    ['Processing', 'running'],
    ['done', 'completed'],
    ['TASK_STATUS_SUCCEED', 'completed'],
    ['已完成', 'completed'],
    ['FAILURE', 'failed'],
    ['rejected', 'failed'],
    ['timed-out', 'failed'],
    ['失败', 'failed'],
    ['IN_QUEUE', 'waiting'],
    ['处理中', 'running'],
    ['constructor', 'running'],
  ])('whose status is %j is %s', (status, expected) => {
    expect(read({ status, result: { image_url } })).toMatchObject({ status: expected });
  });

  test.each([
    [{ status: 'wrapped up', progress: 100 }, 'completed'],
    [{ status: '好了', progress: '100%' }, 'completed'],
    [{ status: 'wrapped up', completed_at: 1_760_000_000 }, 'completed'],
    [{ status: 'reviewing', progress: 60 }, 'running'],
    [{ status: 'reviewing' }, 'running'],
    [{ status: 'processing', progress: 100, completed_at: 1_760_000_000 }, 'running'],
  ])('and an image, %j, is %s', (fields, expected) => {
    expect(read({ ...fields, result: { image_url } })).toMatchObject({ status: expected });
  });

  test.each([
    { imageUrl: image_url },
    { url: image_url },
    { mediaUrl: image_url },
    { result: { imageUrls: [image_url] } },
    { result: { mediaUrl: image_url } },
    { result: { download_url: image_url } },
    { result: { files: [{ file_url: image_url }] } },
    { outputs: [{ url: image_url }] },
    { images: [{ url: image_url, width: 1024 }] },
    { images: ['https://a.person/reference.png'], result: { uri: image_url } },
  ])('is completed with %j', (fields) => {
    expect(read({ status: 'success', ...fields })).toEqual(completed);
  });

  test('is not completed with the references that were sent with it', () => {
    const sent = { images: ['https://a.person/reference.png'], image: image_url };
    expect(() => read({ status: 'success', ...sent })).toThrow(
      expect.objectContaining({ kind: 'malformed-answer' }),
    );
  });

  test.each(['&amp;', '&'])('has an address in which %j parts two parameters', (and) => {
    const result = { image_url: `${image_url}?a=1${and}b=2` };
    expect(read({ status: 'completed', result })).toMatchObject({ imageUrl: `${image_url}?a=1&b=2` });
  });

  const task = { task_id: 't-1', status: 'completed', result: { image_url } };
  test.each([{ task }, { code: 0, msg: 'ok', data: task }, [task]])(
    'is found in %j, as its id is in the answer to the create',
    (data) => {
      expect(read(data)).toEqual(completed);
      expect(readCreatedTask(answerWith({ code: '20000', data }))).toEqual({ taskId: 't-1' });
    },
  );

  test.each([-1, '50013', 20002])('has failed although the answer has the code %j', (code) => {
    const data = { task_id: 't-1', status: 'failed', errorMessage: 'GPU on fire' };
    const failed = readTaskReport({ ...answerWith({ code, msg: 'no', data }), status: 500 }, BASE_URL);
    expect(failed).toEqual({ status: 'failed', reason: 'GPU on fire' });
  });

  test('has not failed where an error that is no task calls its own status so', () => {
    expect(() => readTaskReport(answerWith({ status: 'error', code: 50013 }), BASE_URL)).toThrow(
      expect.objectContaining({ kind: 'unknown-code' }),
    );
  });

  test('is known by its status, whatever else it holds', () => {
    const states = { failed: 'failed', queued: 'waiting', processing: 'running' };
    fc.assert(
      fc.property(fc.constantFrom('failed', 'queued', 'processing'), looseData, (status, data) => {
        expect(read({ ...data, status })).toMatchObject({ status: states[status] });
      }),
    );
  });
});

describe('a query answered with HTTP 404', () => {
  test.each([
    ['a code of its own', { code: '40400', msg: 'task not found', data: null }, 'parameters'],
    ['JSON but no code', { detail: 'Not Found' }, 'parameters'],
    ['a documented code', { code: '20002', msg: 'no such task' }, 'parameters'],
    ['the code of a wrong key', { code: '20001', msg: 'bad token' }, 'authentication'],
    ['the code of a server error', { code: -1, msg: 'server error' }, 'unavailable'],
    ["a proxy's page", '<html>404 page not found</html>', 'unavailable'],
    ['nothing', '', 'unavailable'],
    ['JSON that is no object', 'null', 'unavailable'],
  ])('and %s', (_, body, kind) => {
    expect(() => readTaskReport({ ...answerWith(body), status: 404 }, BASE_URL)).toThrow(
      expect.objectContaining({ kind, charged: 'no' }),
    );
  });
});

test('a megabyte of accents is quoted in at most 300 characters', () => {
  const msg = `no luck${'\u0301'.repeat(1024 * 1024)}`;
  expect(() => readTaskReport(answerWith({ code: '77', msg }), BASE_URL)).toThrow(
    expect.objectContaining({ serviceMessage: 'no luc…' }),
  );
});

test('a megabyte of words made for it holds no pattern up', () => {
  const msg = 'insufficient_'.repeat(80_000);
  expect(() => readTaskReport(answerWith({ code: '77', msg }), BASE_URL)).toThrow(
    expect.objectContaining({ kind: 'credit' }),
  );
});

test('the service’s words come without control characters and halves of characters', () => {
  const msg = 'no\u0000 \u001b[31mluck\u009b \ud800 for\nyou';
  expect(() => readTaskReport(answerWith({ code: '\u001b[2J', msg }), BASE_URL)).toThrow(
    expect.objectContaining({
      serviceMessage: 'no   [31mluck  \ufffd for\nyou',
      message: 'JimmyAI refused the call (HTTP 200, code [2J)',
    }),
  );
});

test('progress is a whole number from 0 to 100, or nothing', () => {
  fc.assert(
    fc.property(looseValue, (progress) => {
      const text = JSON.stringify({ status: 'processing', progress });
      const report = readTaskReport(answerWith(text), BASE_URL);
      if (report.status !== 'running') throw new Error('expected a running task');
      if (report.progress === null) return;
      expect(report.progress).toSatisfy((percent: number) => Number.isInteger(percent));
      expect(report.progress).toBeGreaterThanOrEqual(0);
      expect(report.progress).toBeLessThanOrEqual(100);
    }),
  );
});
