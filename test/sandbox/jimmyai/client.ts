import { test as base } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';

export const HOUR_MS = 60 * 60 * 1000;
export const BODY = { model: 'nano-banana', prompt: 'a lighthouse at dusk' };

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // The envelope, or what stands in its place: tests look into it freely.
  json: { code?: unknown; msg?: unknown; data?: Record<string, unknown> } & Record<string, unknown>;
}

/** A plain HTTP client of the imitation: no retries, no interpretation. */
export function createClient({ baseUrl, apiKey }: Pick<JimmyAi, 'baseUrl' | 'apiKey'>) {
  const headers = { authorization: `Bearer ${apiKey}` };
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/api/open-api/v1${path}`, {
      signal: AbortSignal.timeout(25_000),
      ...init,
      headers: { ...headers, ...init.headers },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
  };
  const create = (body: unknown, init?: RequestInit) =>
    send('/images', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json' },
    });
  const query = (id: string, init?: RequestInit) => send(`/images/${id}`, init);

  return {
    send,
    create,
    query,
    /** Creates a task that must be accepted, and gives its id. */
    async start(body: object = BODY): Promise<string> {
      const { json, text } = await create(body);
      if (typeof json.data?.task_id !== 'string') throw new Error(`no task: ${text}`);
      return json.data.task_id;
    },
    async data(id: string): Promise<Record<string, unknown>> {
      return (await query(id)).json.data ?? {};
    },
    async download(id: string): Promise<{ status: number; type: string | null; bytes: Buffer }> {
      const response = await fetch(`${baseUrl}/files/${id}.png`);
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status: response.status, type: response.headers.get('content-type'), bytes };
    },
    async upload(bytes: Uint8Array<ArrayBuffer>, filename: string, init?: RequestInit): Promise<Answer> {
      const form = new FormData();
      form.set('file', new File([bytes], filename));
      return await send('/files/upload', { method: 'POST', body: form, ...init });
    },
  };
}

/** Tests with an imitation of their own, on a clock that can be moved. */
export const test = base
  .extend('clock', () => createClock())
  .extend('jimmy', async ({ clock }, { onCleanup }) => {
    const jimmy = await startJimmyAi({ clock, pixelScale: 0.1 });
    onCleanup(() => jimmy.close());
    return jimmy;
  })
  .extend('client', ({ jimmy }) => createClient(jimmy));
