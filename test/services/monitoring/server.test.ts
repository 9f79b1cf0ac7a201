import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Gauge, Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import {
  MonitoringError,
  type MonitoringServer,
  serveMonitoring,
} from '../../../src/services/monitoring/server.ts';

let server: MonitoringServer | undefined;
afterEach(() => server?.close());

/** On any free port. */
async function serve(
  problems: () => Promise<string[]> = async () => [],
  { registry = new Registry(), elapsed = () => performance.now() } = {},
): Promise<string> {
  const log = pino({ enabled: false });
  server = await serveMonitoring({ host: '127.0.0.1', port: 0, registry, problems, elapsed, log });
  return server.url;
}

test('the process is alive as long as it answers, and ready where nothing is in the way', async () => {
  const url = await serve();
  const [alive, ready] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz?from=a-probe`)]);
  expect([alive.status, await alive.json()]).toEqual([200, { alive: true }]);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, problems: [] }]);
});

test('what is in the way is said with 503', async () => {
  const url = await serve(async () => ['the ledger takes no write']);
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ ready: false, problems: ['the ledger takes no write'] });
});

test('HEAD gets the same without a body, and other methods and addresses are refused', async () => {
  const url = await serve();
  const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect((await fetch(`${url}/`)).status).toBe(404);
});

test('however many ask for metrics within a second, they are looked up once', async () => {
  const registry = new Registry();
  let lookedUp = 0;
  new Gauge({
    name: 'looked_up',
    help: 'How often',
    registers: [registry],
    collect() {
      lookedUp += 1;
      this.set(lookedUp);
    },
  });
  let now = 0;
  const url = await serve(undefined, { registry, elapsed: () => now });
  const ask = async () => (await fetch(`${url}/metrics`)).text();
  const crowd = await Promise.all(Array.from({ length: 50 }, ask));
  now = 999;
  expect(new Set([...crowd, await ask()])).toEqual(new Set([expect.stringContaining('looked_up 1')]));
  now = 1000;
  expect(await ask()).toContain('looked_up 2');
});

test('a question that cannot be answered is HTTP 500, and the next one is answered', async () => {
  const url = await serve(async () => {
    throw new Error('a secret detail');
  });
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a port that is taken, and a host that is not this machine, are named with the way out', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const log = pino({ enabled: false });
  const options = {
    registry: new Registry(),
    problems: async () => [],
    elapsed: () => performance.now(),
    log,
  };
  const taken = serveMonitoring({ host: '127.0.0.1', port, ...options });
  await expect(taken).rejects.toThrow(MonitoringError);
  await expect(taken).rejects.toThrow(
    `HTTP_PORT ${port} on 127.0.0.1 is taken by another process: stop that one, or choose another port.`,
  );
  other.close();
  await expect(serveMonitoring({ host: '192.0.2.1', port: 0, ...options })).rejects.toThrow(
    /check HTTP_HOST/,
  );
});
