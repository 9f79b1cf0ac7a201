import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The fields of a task's answer besides its id: `{ status: 'completed', result: { image_url } }`. */
export type Report = Readonly<Record<string, unknown>>;

/** The smallest JimmyAI that the bot can work with, so that a benchmark measures the bot. */
export interface Service {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The ids of all queried tasks. */
  readonly asked: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Accepts every create, answers every query with `reportOf`, and serves `files` by their paths. */
export async function startService({
  reportOf,
  files = new Map(),
}: {
  reportOf: (taskId: string) => Report;
  files?: ReadonlyMap<string, Buffer>;
}): Promise<Service> {
  const asked = new Set<string>();
  let created = 0;

  function query(taskId: string, response: ServerResponse): void {
    asked.add(taskId);
    sendJson(response, { task_id: taskId, ...reportOf(taskId) });
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const file = files.get(path);
    request.resume();
    if (file)
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': file.length }).end(file);
    else if (path.endsWith('/catalog')) response.writeHead(404).end();
    else if (request.method === 'GET') query(path.slice(path.lastIndexOf('/') + 1), response);
    else sendJson(response, { task_id: `created-${created++}`, status: 'queued' });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'bench-key',
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, data: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: '20000', msg: 'ok', data }));
}
