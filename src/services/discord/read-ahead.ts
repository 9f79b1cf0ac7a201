import type { RESTOptions } from 'discord.js';

type RequestInit = Parameters<RESTOptions['makeRequest']>[1];

/**
 * Reads a form into memory. Node's undici would read it while it sends it, and if the connection breaks meanwhile, an
 * error escapes from it that ends the process.
 */
export async function readAhead(init: RequestInit): Promise<RequestInit> {
  if (!(init.body instanceof FormData)) return init;
  const read = new Response(init.body);
  const type = read.headers.get('content-type') ?? '';
  const headers = { ...(init.headers as Record<string, string>), 'content-type': type };
  return { ...init, headers, body: new Uint8Array(await read.arrayBuffer()) };
}
