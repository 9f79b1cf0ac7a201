import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect, test as plainTest } from 'vitest';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { BODY, test } from './client.ts';

test('every request is recorded without the key', async ({ jimmy, client }) => {
  const id = await client.start();
  await client.query(id);
  await client.upload(Buffer.from('x'), 'x.png');
  expect(jimmy.requests).toEqual([
    {
      method: 'POST',
      path: '/api/open-api/v1/images',
      at: expect.any(Number),
      status: 200,
      code: '20000',
      body: BODY,
    },
    {
      method: 'GET',
      path: `/api/open-api/v1/images/${id}`,
      at: expect.any(Number),
      status: 200,
      code: '20000',
      body: undefined,
    },
    {
      method: 'POST',
      path: '/api/open-api/v1/files/upload',
      at: expect.any(Number),
      status: 200,
      code: '20000',
      body: undefined,
    },
  ]);
  expect(JSON.stringify(jimmy.requests)).not.toContain(jimmy.apiKey);
});

test.for([
  ['/files/upload', 'multipart/form-data; boundary=a'],
  ['/images', 'application/json'],
] as const)(
  'a request to %s that breaks off is not recorded, and the next one meets the misbehaviour instead',
  async ([path, type], { jimmy, client }) => {
    for (const at of ['upload', 'create'] as const) jimmy.misbehave({ kind: 'unavailable', at });
    await breakOff(jimmy, path, type);
    expect(jimmy.requests).toEqual([]);
    const next = path === '/images' ? client.create(BODY) : client.upload(Buffer.from('x'), 'x.png');
    expect((await next).status).toBe(503);
    expect(jimmy.requests).toMatchObject([{ status: 503 }]);
  },
);

test('requests and tasks are announced until one stops listening', async ({ jimmy, client }) => {
  const seen: unknown[] = [];
  const stops = [
    jimmy.on('request', ({ method, status }) => seen.push([method, status])),
    jimmy.on('task', ({ status, queries }) => seen.push([status, queries])),
  ];
  const id = await client.start();
  await client.query(id);
  expect(seen).toEqual([
    ['queued', 0],
    ['POST', 200],
    ['queued', 1],
    ['GET', 200],
  ]);
  for (const stop of stops) stop();
  await client.query(id);
  expect(seen).toHaveLength(4);
});

plainTest('closing cuts what is still connected', async () => {
  const jimmy = await startJimmyAi();
  const socket = createConnection({ port: Number(new URL(jimmy.baseUrl).port), host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write('GET /files/none.png HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(socket, 'data');
  const cut = once(socket, 'close');
  await jimmy.close();
  await cut;
});

plainTest('a port that is taken is an error', async () => {
  const jimmy = await startJimmyAi();
  const port = Number(new URL(jimmy.baseUrl).port);
  await expect(startJimmyAi({ port })).rejects.toThrow('EADDRINUSE');
  await jimmy.close();
});

/** Begins a request, and leaves once the service waits for its body. */
async function breakOff({ baseUrl, apiKey }: JimmyAi, path: string, type: string): Promise<void> {
  const socket = createConnection(Number(new URL(baseUrl).port), '127.0.0.1');
  const head = [
    `POST /api/open-api/v1${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: a test',
    `Authorization: Bearer ${apiKey}`,
    `Content-Type: ${type}`,
    'Content-Length: 100',
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const [answered] = await once(socket, 'data');
  expect(String(answered)).toMatch('100 Continue');
  socket.destroy();
}
