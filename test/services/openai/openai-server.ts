import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenAi } from '../../../src/services/openai/client.ts';
import type { ImageRequest } from '../../../src/services/request/request.ts';

export const KEY = 'sk-secret-key';
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const FOX: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  ratio: '1:1',
  resolution: '1k',
  quality: 'low',
  transparent: false,
  count: 1,
};
export const FILE = { bytes: new Uint8Array(PNG), filename: 'reference-1.png', mimeType: 'image/png' };
export const MADE = { created: 1, data: [{ b64_json: PNG.toString('base64') }] };

type Options = Partial<Parameters<typeof createOpenAi>[0]>;

/** A server of the images API that answers what a test tells it to, and clients of it. */
export interface OpenAiServer {
  readonly baseUrl: string;
  /** One answer after the other, the last one for ever: an object as JSON, a string or bytes as they are. */
  answers: {
    status?: number;
    body: object | string;
    headers?: Record<string, string>;
    /** What is sent every few milliseconds for a while, after the headers and before the body. */
    heartbeat?: string;
  }[];
  readonly received: {
    readonly path: string;
    readonly type: string;
    readonly key: string | undefined;
    readonly body: string;
  }[];
  client(options?: Options): ReturnType<typeof createOpenAi>;
  /** Has a new client make the fox, or another request. */
  create(
    request?: ImageRequest,
    references?: (typeof FILE)[],
    options?: Options,
  ): ReturnType<ReturnType<typeof createOpenAi>['create']>;
  close(): void;
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization: key, 'content-type': type = '' } = request.headers;
    const { received, answers } = server;
    received.push({ path: request.url ?? '', type, key, body: Buffer.concat(chunks).toString('latin1') });
    const {
      status = 200,
      body,
      headers,
      heartbeat,
    } = answers[Math.min(received.length, answers.length) - 1] ?? { body: '' };
    response.writeHead(status, headers);
    if (heartbeat !== undefined) await beat(response, heartbeat);
    response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
  const client = (options: Options = {}) =>
    createOpenAi({ baseUrl, apiKey: KEY, createMs: 10_000, delay: async () => undefined, ...options });
  const server: OpenAiServer = {
    baseUrl,
    answers: [],
    received: [],
    client,
    create: (request = FOX, references = [], options = {}) =>
      client({ random: () => 0, ...options }).create(request, { references, mask: null }),
    close() {
      http.close();
      http.closeAllConnections();
    },
  };
  return server;
}

async function beat(response: ServerResponse, heartbeat: string): Promise<void> {
  response.flushHeaders();
  for (let beats = 0; beats < 20; beats++) {
    if (heartbeat !== '') response.write(heartbeat);
    await sleep(10);
  }
}

/** An error as OpenAI sends it. */
export function openAis(code: string | null, message: string, type = 'invalid_request_error') {
  return { error: { message, type, param: null, code } };
}
