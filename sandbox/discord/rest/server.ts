import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { DiscordError, notFound, unauthorized } from '../errors.ts';
import { faultBody, type RestFault, type RestFaults } from './faults.ts';
import type { RateLimitState, RateLimits } from './rate-limits.ts';
import { type ReadBody, readBody } from './read-body.ts';
import type { RecordedRequest } from './record.ts';
import type { Reply, Route, RouteContext } from './route.ts';

const API = '/api/v10';
type Env = { Bindings: HttpBindings };
type Answer = Reply & { headers?: Record<string, string> };

interface RestServerDeps extends RouteContext {
  token: string;
  routes: readonly Route[];
  faults: RestFaults;
  /** Undefined for no limits, as in load tests. */
  rateLimits: RateLimits | undefined;
}

/** The HTTP server of the routes: authorization, limits, faults and the record of requests. */
export function createRestServer(deps: RestServerDeps): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of deps.routes) {
    const pattern = API + route.template.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(route.method, pattern, (c) => serve(c, deps, route));
  }
  app.all('/api/*', (c) => serve(c, deps, unknownRoute(c)));
  app.get('*', (c) => deps.cdn.respond(new URL(c.req.url)));
  app.onError((error, c) => {
    // A killed bot breaks off its requests.
    if (c.env.incoming.socket.destroyed) return RESPONSE_ALREADY_SENT;
    console.error(error);
    return c.text('Internal Server Error', 500);
  });
  return app;
}

function unknownRoute(c: Context<Env>): Pick<Route, 'template' | 'auth' | 'handle'> {
  return {
    template: c.req.path.replace(API, ''),
    auth: 'token',
    handle: () => {
      throw notFound();
    },
  };
}

async function serve(
  c: Context<Env>,
  deps: RestServerDeps,
  route: Pick<Route, 'template' | 'auth' | 'handle'>,
): Promise<Response> {
  const { method } = c.req;
  const path = c.req.path.replace(API, '');
  const record: RecordedRequest = { ...recordOf(c, path, route.template), at: deps.world.clock.now() };
  // A request that was read is served even if the bot no longer waits for it.
  const read = await readInto(record, c.req.raw);
  const fault = deps.faults.take({ method, template: route.template, path, body: record.body });
  if (fault?.delayMs) await delay(fault.delayMs, undefined, { ref: false });
  await fault?.until?.();

  const isMisled = fault !== undefined && (fault.drop || fault.hang || fault.status !== undefined);
  const served = isMisled && !fault.afterApplying ? undefined : await answer(c, deps, route, read);
  const reply: Answer = served === undefined || isMisled ? faultAnswer(fault) : served;
  const dropped = fault?.drop === true || fault?.hang === true;
  const finished = { ...record, ...(!dropped && { status: reply.status, code: codeOf(reply) }) };
  deps.world.events.emit('request', finished);
  if (fault?.hang) {
    await once(c.env.outgoing, 'close');
    return RESPONSE_ALREADY_SENT;
  }
  if (dropped) {
    c.env.outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  return respond(reply);
}

function recordOf(c: Context<Env>, path: string, template: string): Omit<RecordedRequest, 'at'> {
  const token = c.req.param('webhook_token') ?? c.req.param('interaction_token') ?? null;
  return {
    method: c.req.method,
    path: token === null ? path : path.replace(token, '{token}'),
    route: template,
    interactionToken: token,
    status: null,
    code: null,
    body: undefined,
    files: [],
  };
}

/** Reads the body into the record. Returns its error, which is thrown when the request is answered. */
async function readInto(record: RecordedRequest, request: Request): Promise<ReadBody | DiscordError> {
  try {
    const read = await readBody(request);
    record.body = read.body;
    record.files = read.files.map(({ field, name, contentType, bytes }) => {
      return { field, name, type: contentType, size: bytes.byteLength };
    });
    return read;
  } catch (error) {
    if (error instanceof DiscordError) return error;
    throw error;
  }
}

async function answer(
  c: Context<Env>,
  deps: RestServerDeps,
  route: Pick<Route, 'template' | 'auth' | 'handle'>,
  read: ReadBody | DiscordError,
): Promise<Answer> {
  const params: Record<string, string> = c.req.param();
  const limit = deps.rateLimits?.count({ ...route, method: c.req.method }, params);
  try {
    if (route.auth === 'bot' && c.req.header('authorization') !== `Bot ${deps.token}`) throw unauthorized();
    if (limit?.exceeded) throw rateLimited(limit);
    if (read instanceof DiscordError) throw read;
    const reply = await route.handle({
      ...read,
      query: new URL(c.req.url).searchParams,
      param: (name) => {
        const value = params[name];
        if (value === undefined) throw new Error(`${route.template} has no {${name}}`);
        return value;
      },
    });
    return { ...reply, ...(limit && { headers: limit.headers }) };
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    const retryAfter = error.retryAfter === undefined ? undefined : String(Math.ceil(error.retryAfter));
    return {
      status: error.status,
      body: error.toJSON(),
      headers: { ...limit?.headers, ...(retryAfter && { 'retry-after': retryAfter }) },
    };
  }
}

function rateLimited({ retryAfterMs, global }: RateLimitState): DiscordError {
  return new DiscordError(429, 0, 'You are being rate limited.', { retryAfter: retryAfterMs / 1000, global });
}

function faultAnswer(fault: RestFault | undefined): Answer {
  const retryAfter = fault ? retryAfterOf(fault) : null;
  return {
    status: fault?.status ?? 500,
    body: fault?.page ? EDGE_PAGE : fault && faultBody(fault),
    headers: {
      ...(retryAfter !== null && { 'retry-after': retryAfter }),
      ...(fault?.global && { 'x-ratelimit-global': 'true' }),
    },
  };
}

function retryAfterOf({ retryAfter, retryAfterHeader }: RestFault): string | null {
  if (retryAfterHeader !== undefined) return retryAfterHeader;
  return retryAfter === undefined ? null : String(Math.ceil(retryAfter));
}

/** Looks like Cloudflare's pages. */
const EDGE_PAGE =
  '<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>';

function codeOf({ status, body }: Answer): number | null {
  if (status < 400 || typeof body !== 'object' || body === null || !('code' in body)) return null;
  return typeof body.code === 'number' ? body.code : null;
}

/** An empty answer has no JSON content type, because discord.js would try to parse it. */
function respond({ status, body, headers = {} }: Answer): Response {
  if (typeof body === 'string')
    return new Response(body, {
      status,
      headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
    });
  return body === undefined
    ? new Response(null, { status, headers })
    : new Response(JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json', ...headers },
      });
}
