import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { QUERIES_AT_ONCE } from '../../../src/services/image-service/http.ts';
import { createJimmyAi, type JimmyAiOptions } from '../../../src/services/jimmyai/client.ts';

const REQUEST = { model: 'gpt-image-2', prompt: 'a fox', ratio: 'auto', resolution: '1k' };
const API_KEY = 'sk-secret-key';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  const url = await listen(server);
  cleanups.push(async () => server.closeAllConnections());
  return url;
}

/** A client that doesn't wait between tries. */
function connect(baseUrl: string, options: Partial<JimmyAiOptions> = {}) {
  const jimmyai = createJimmyAi({ baseUrl, apiKey: API_KEY, delay: async () => undefined, ...options });
  cleanups.push(() => jimmyai.close());
  return jimmyai;
}

async function unusedUrl(): Promise<string> {
  const server = createTcpServer();
  const url = await listen(server);
  await cleanups.pop()?.();
  return url;
}

describe('a create that certainly did not arrive', () => {
  test('is tried again when the connection is refused', async () => {
    const waits: number[] = [];
    const delay = async (ms: number) => void waits.push(ms);
    const jimmyai = connect(await unusedUrl(), { delay, random: () => 0 });
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'unreachable',
      charged: 'no',
    });
    expect(waits).toEqual([5_000, 10_000, 20_000]);
  });

  test('is known by a name that does not resolve', async () => {
    const jimmyai = connect('http://jimmyai.invalid');
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'unreachable',
      charged: 'no',
    });
  });

  test('is known by a failed TLS handshake', async () => {
    const url = await serve((_, response) => response.end());
    const jimmyai = connect(url.replace('http:', 'https:'));
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'unreachable',
      charged: 'no',
    });
  });

  test('is known by a reset during the TLS handshake', async () => {
    const url = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
    const jimmyai = connect(url.replace('http:', 'https:'));
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'unreachable',
      charged: 'no',
    });
  });
});

describe('a create whose answer is lost is sent exactly once', () => {
  async function expectMaybeCharged(kind: string, listener: RequestListener, options = {}) {
    let creates = 0;
    const url = await serve(async (request, response) => {
      await text(request);
      creates++;
      await listener(request, response);
    });
    const jimmyai = connect(url, options);
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({ kind, charged: 'maybe' });
    expect(creates).toBe(1);
  }

  test('after a reset', () =>
    expectMaybeCharged('connection-lost', (request) => {
      request.socket.resetAndDestroy();
    }));

  test('after the server hangs up', () =>
    expectMaybeCharged('connection-lost', (request) => {
      request.socket.end();
    }));

  test('after a half-sent answer', () =>
    expectMaybeCharged('connection-lost', (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"code":', () => request.socket.destroy());
    }));

  test('after a time-out before the headers', () =>
    expectMaybeCharged('timeout', () => undefined, { timeouts: { createMs: 50 } }));

  test('after a time-out in the body', () =>
    expectMaybeCharged('timeout', (_, response) => void response.writeHead(200).write('{'), {
      timeouts: { bodyMs: 50 },
    }));

  test('after an answer over 1 MiB', () =>
    expectMaybeCharged('malformed-answer', (_, response) => {
      response.end(`{"task_id":"t-1","padding":"${'x'.repeat(1024 * 1024)}"}`);
    }));
});

test('an answer that trickles in without end is given up, of a query as well as of a create or a tool', async () => {
  const url = await serve((request, response) => {
    const trickle = setInterval(() => response.write(' '), 10);
    request.socket.on('close', () => clearInterval(trickle));
  });
  const timeouts = { connectMs: 100, createMs: 100, toolMs: 100, queryMs: 100, bodyMs: 100 };
  const jimmyai = connect(url, { timeouts });
  await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({ kind: 'timeout', charged: 'maybe' });
  const picture = jimmyai.usePictureTool({ name: 'remove-bg' }, 'https://cdn.test/source.png');
  await expect(picture).rejects.toMatchObject({ kind: 'timeout', charged: 'maybe' });
  await expect(jimmyai.queryImageTask('t-1')).rejects.toMatchObject({ kind: 'timeout', charged: 'no' });
});

test('a tool may begin its answer before the work is done, and be silent or send white space meanwhile', async () => {
  const url = await serve(async (_, response) => {
    response.writeHead(200).flushHeaders();
    await sleep(150);
    for (let beats = 0; beats < 15; beats++) {
      response.write('\n');
      await sleep(10);
    }
    response.end('{"code":0,"msg":"ok","data":{"image_url":"https://cdn.test/a.png"}}');
  });
  const jimmyai = connect(url, { timeouts: { bodyMs: 50 } });
  const picture = jimmyai.usePictureTool({ name: 'remove-bg' }, 'https://cdn.test/source.png');
  await expect(picture).resolves.toEqual({ kind: 'image', url: 'https://cdn.test/a.png' });
});

test('a redirect takes neither the key nor the request elsewhere', async () => {
  const elsewhere: string[] = [];
  const other = await serve((request, response) => {
    elsewhere.push(request.url ?? '');
    response.end('{"task_id":"t-1"}');
  });
  const url = await serve((_, response) => response.writeHead(307, { location: other }).end());
  const jimmyai = connect(url);
  await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({ charged: 'maybe' });
  await expect(jimmyai.queryImageTask('t-1')).rejects.toMatchObject({ kind: 'malformed-answer' });
  expect(elsewhere).toEqual([]);
});

test('an answer is asked for as it is, by a name, and read where it comes packed all the same', async () => {
  const asked: unknown[] = [];
  const url = await serve(({ headers }, response) => {
    asked.push(headers);
    const answer = { code: 0, data: { task_id: 't-1', status: 'processing' } };
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(answer)));
  });
  await expect(connect(url).queryImageTask('t-1')).resolves.toMatchObject({ status: 'running' });
  expect(asked).toMatchObject([
    { 'accept-encoding': 'identity', 'user-agent': expect.stringMatching(/^imagine-bot\/\d/) },
  ]);
});

test('an answer is unpacked to no more than its limit: a few kilobytes never become gigabytes', async () => {
  const packed = gzipSync(Buffer.alloc(100_000_000, ' '));
  const url = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  );
  await expect(connect(url).queryImageTask('t-1')).rejects.toMatchObject({ kind: 'malformed-answer' });
});

test('a create under way is let finish when the caller stops', async () => {
  const controller = new AbortController();
  const url = await serve((_, response) => {
    controller.abort();
    response.end('{"task_id":"t-1"}');
  });
  const created = connect(url).createImageTask(REQUEST, { signal: controller.signal });
  await expect(created).resolves.toEqual({ taskId: 't-1' });
});

test('a create never travels on a kept-alive connection, which may be dead already', async () => {
  const socketOf: Record<string, unknown> = {};
  const url = await serve((request, response) => {
    const isCreate = request.method === 'POST';
    if (isCreate && Object.values(socketOf).includes(request.socket)) request.socket.destroy();
    socketOf[isCreate ? 'create' : 'query'] = request.socket;
    response.end('{"code":"20000","data":{"task_id":"t-1","status":"queued"}}');
  });
  const jimmyai = connect(url);
  await jimmyai.queryImageTask('t-1');
  await setImmediate(); // undici frees a connection one turn of the event loop after its answer
  await expect(jimmyai.createImageTask(REQUEST)).resolves.toEqual({ taskId: 't-1' });
  await setImmediate();
  const first = socketOf.create;
  await expect(jimmyai.createImageTask(REQUEST)).resolves.toEqual({ taskId: 't-1' });
  expect(socketOf.create).not.toBe(first);
});

test('queries share a connection, and survive one that dies under them', async () => {
  const sockets = new Set<unknown>();
  let queries = 0;
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    queries++;
    if (queries === 3) return request.socket.destroy();
    return response.end('{"code":"20000","data":{"status":"queued"}}');
  });
  const jimmyai = connect(url);
  await jimmyai.queryImageTask('t-1');
  await setImmediate();
  await jimmyai.queryImageTask('t-1');
  await setImmediate();
  expect(sockets.size).toBe(1);
  await expect(jimmyai.queryImageTask('t-1')).resolves.toMatchObject({ status: 'waiting' });
  expect(queries).toBe(4);
});

test('an upload is multipart with the field "file", and is sent again whole after a failure', async () => {
  const bodies: string[] = [];
  const url = await serve(async (request, response) => {
    bodies.push(`${request.headers['content-type']}\n${await text(request)}`);
    if (bodies.length === 1) return response.writeHead(500).end();
    return response.end('{"code":20000,"data":{"url":"https://cdn.test/a.png?sig=1","size":5}}');
  });
  const file = { bytes: Buffer.from('bytes'), filename: 'a fox.png', mimeType: 'image/png' };
  await expect(connect(url).uploadFile(file)).resolves.toEqual({ url: 'https://cdn.test/a.png?sig=1' });
  expect(bodies).toHaveLength(2);
  for (const body of bodies) {
    expect(body).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain('name="file"; filename="a fox.png"');
    expect(body).toMatch(/Content-Type: image\/png\r\n\r\nbytes\r\n/i);
  }
});

test('no log line contains the key', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const url = await serve((_, response) =>
    response.end(JSON.stringify({ code: -1, msg: `oops ${API_KEY}` })),
  );
  await expect(connect(url).createImageTask(REQUEST, { log })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(lines).toHaveLength(7);
  expect(lines.join()).not.toContain(API_KEY);
});

test('thousands of queries at once come to the service a few at a time', async () => {
  const open = { now: 0, most: 0 };
  const jimmyai = connect(
    await serve(async (_, response) => {
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      await setImmediate();
      open.now -= 1;
      response.end(JSON.stringify({ code: '20000', data: { task_id: 't', status: 'queued' } }));
    }),
  );
  const reports = Array.from({ length: 1000 }, (_, index) => jimmyai.queryImageTask(`task-${index}`));
  expect(await Promise.all(reports)).toHaveLength(1000);
  expect(open.most).toBeLessThanOrEqual(QUERIES_AT_ONCE);
});
