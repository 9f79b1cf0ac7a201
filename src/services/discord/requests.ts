import { setTimeout as delay } from 'node:timers/promises';
import { type RateLimitData, RateLimitError, type RESTOptions, type ResponseLike } from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { createClosedWays } from './closed-ways.ts';
import type { InvalidAnswers, Use } from './invalid-answers.ts';

type MakeRequest = RESTOptions['makeRequest'];

/** Waits of up to this long are slept through, in milliseconds; for longer ones there may be another way to the person. */
const PATIENCE_MS = 10_000;
/** An interaction takes its first answer for 3 s (docs: interactions/receiving-and-responding). */
const CALLBACK_PATIENCE_MS = 2500;
/** Where nothing says how long to wait, as on an edge's page, in milliseconds. */
const WAIT_IF_UNSAID_MS = 60_000;
/** Where Discord itself says that it is over already. Should it say so again, the wait grows. */
const WAIT_IF_ZERO_MS = 1000;
/** No answer closes a way for longer than this, in milliseconds: then one request finds out. */
const WAIT_MAX_MS = 60 * 60_000;

/**
 * Makes the requests of discord.js's REST, which takes every answer for Discord's own. A 429 without a usable `Retry-After`
 * it would repeat at once and for ever, and one of an hour it would sleep through; here the wait is found, said in the log
 * once, and kept to by all requests of the kind: longer ones reject with {@link RateLimitError}. What an edge or a proxy
 * answers loses whatever could be taken for one of Discord's codes, and a page that says all went well rejects. Where too
 * many answers were invalid, requests wait like those that Discord limits.
 */
export function createRequests(options: {
  makeRequest: MakeRequest;
  log: Pick<Logger, 'warn'>;
  invalid: InvalidAnswers;
  /** For dates in answers. */
  now: () => number;
  elapsed: () => number;
}): MakeRequest {
  const { makeRequest, invalid, now } = options;
  const ways = createClosedWays(options);

  async function patientlyWait(route: Route, signal: AbortSignal | null | undefined): Promise<void> {
    // A way that is found open is taken at once: it comes last.
    const wait = () => invalid.waitMs(useOf(route)) || ways.waitMs(route.way);
    for (let waitMs = wait(); waitMs > 0; waitMs = wait()) {
      if (waitMs > patienceOf(route)) throw new RateLimitError(dataOf(route, waitMs));
      await delay(waitMs, null, signal ? { signal } : {});
    }
    invalid.begins();
  }

  function closeEverything(route: Route, askedMs: number): number {
    // What holds even for interactions holds for all.
    if (route.everything !== EVERYTHING) ways.close(EVERYTHING, askedMs, null);
    return ways.close(route.everything, askedMs, toldAs(route, route.everything));
  }

  async function closeFor(route: Route, answer: ResponseLike): Promise<Response> {
    const body = await objectIn(answer);
    const said = rateLimit.safeParse(body).data;
    const askedMs = waitOf(answer.headers.get('retry-after'), said?.retry_after, now());
    const isGlobal = answer.headers.has(OF_EVERYTHING) || said?.global === true;
    // An edge's page is no limit of one route's.
    const waitMs = isGlobal
      ? closeEverything(route, askedMs)
      : ways.close(said ? route.name : route.kind, askedMs, toldAs(route, route.kind));
    // What closes the way is known; anything else about it would only be taken for more.
    for (const header of [...OWN_LIMITS, OF_EVERYTHING]) answer.headers.delete(header);
    return withBody(answer, body ?? {}, { 'retry-after': String(waitMs / 1000) });
  }

  return async (url, init) => {
    const route = routeOf(url, init.method ?? 'GET');
    await patientlyWait(route, init.signal as AbortSignal | null | undefined);
    let isOpen = false;
    let answer: ResponseLike | null = null;
    try {
      answer = await makeRequest(url, init);
      boundReset(answer.headers);
      if (answer.status === 429) return await closeFor(route, answer);
      isOpen = true;
      return await readable(answer);
    } finally {
      ways.passed(route.way, isOpen);
      invalid.ends(answer);
    }
  };
}

/** discord.js's `rejectOnRateLimit`: whether a wait is too long to be slept through. */
export function isTooLongToWait(data: RateLimitData): boolean {
  const waitMs = Math.max(data.timeToReset, data.retryAfter, data.sublimitTimeout);
  return waitMs > patienceOf(routeOf(data.url, data.method));
}

/** Something else answered in Discord's place, and says that all went well. */
export class NotDiscordsAnswer extends Error {
  override readonly name = 'NotDiscordsAnswer';

  constructor(status: number) {
    super(`something else answered in Discord's place (HTTP ${status})`);
  }
}

const EVERYTHING = 'everything';
/** The limit on all that a bot does is not about these (docs: topics/rate-limits, “Global Rate Limit”). */
const OF_INTERACTIONS: ReadonlyMap<string, string> = new Map(
  ['interactions', 'webhooks'].map((kind) => [kind, 'everything about interactions']),
);

interface Route {
  readonly url: string;
  readonly method: string;
  readonly name: string;
  /** What it is about: `webhooks`, `channels` … Unlike the name, it holds no token. */
  readonly kind: string;
  /** What a limit on everything closes with it. */
  readonly everything: string;
  readonly way: readonly string[];
}

function routeOf(url: string, method: string): Route {
  const path = new URL(url).pathname;
  const kind = /\/v\d+\/([a-z]+)/.exec(path)?.[1] ?? EVERYTHING;
  const name = `${method} ${path}`;
  const everything = OF_INTERACTIONS.get(kind) ?? EVERYTHING;
  return { url, method, name, kind, everything, way: [name, kind, everything] };
}

/** The start says itself what it waits for. */
function toldAs({ kind }: Route, name: string): string | null {
  return kind === 'gateway' ? null : name;
}

function useOf({ kind }: Route): Use {
  return kind === 'interactions' || kind === 'gateway' ? 'first' : 'other';
}

function patienceOf({ kind }: Route): number {
  if (kind === 'gateway') return Number.POSITIVE_INFINITY;
  return kind === 'interactions' ? CALLBACK_PATIENCE_MS : PATIENCE_MS;
}

/** What Discord's own 429 says, also where its header is missing or useless (docs: topics/rate-limits). */
const rateLimit = z.object({ retry_after: z.number().nonnegative(), global: z.boolean().catch(false) });

/** By the header in seconds, else by the body, else by the header as a date (RFC 9110 §10.2.3). */
function waitOf(header: string | null, said: number | undefined, now: number): number {
  const waitsMs = [Number(header) * 1000, (said ?? 0) * 1000, Date.parse(header ?? '') - now];
  const unsaidMs = said === 0 ? WAIT_IF_ZERO_MS : WAIT_IF_UNSAID_MS;
  const waitMs = waitsMs.find((ms) => Number.isFinite(ms) && ms > 0) ?? unsaidMs;
  return Math.min(waitMs, WAIT_MAX_MS);
}

/** What Discord says of the next requests of the same kind, which discord.js keeps to (docs: topics/rate-limits). */
const OWN_LIMITS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset-after'];
/** Otherwise discord.js would keep interactions back as well. */
const OF_EVERYTHING = 'x-ratelimit-global';

/** A time that can't be meant would keep requests back for ever, or compare with nothing. */
function boundReset(headers: Pick<Headers, 'get' | 'delete'>): void {
  const resetMs = Number(headers.get('x-ratelimit-reset-after') ?? 0) * 1000;
  if (resetMs >= 0 && resetMs <= WAIT_MAX_MS) return;
  for (const header of OWN_LIMITS) headers.delete(header);
}

/** discord.js repeats what is 500 or more, and looks for a code in the body of any other refusal. */
async function readable(answer: ResponseLike): Promise<ResponseLike> {
  const isPage = answer.headers.get('content-type')?.includes('text/html') ?? false;
  if (answer.ok && isPage) throw new NotDiscordsAnswer(answer.status);
  if (answer.ok || answer.status >= 500) return answer;
  return withBody(answer, (await objectIn(answer)) ?? { code: 0, message: `HTTP ${answer.status}` });
}

/** The JSON object in an answer; null where there is none. */
async function objectIn(answer: ResponseLike): Promise<object | null> {
  try {
    const body: unknown = JSON.parse(await answer.text());
    return typeof body === 'object' && !Array.isArray(body) ? body : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function withBody(answer: ResponseLike, body: object, more: Record<string, string> = {}): Response {
  const headers = new Headers([...answer.headers]);
  // These are about the body as it came.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  for (const [name, value] of Object.entries({ 'content-type': 'application/json', ...more }))
    headers.set(name, value);
  const { status, statusText } = answer;
  return new Response(JSON.stringify(body), { status, statusText, headers });
}

function dataOf({ url, method, kind }: Route, waitMs: number): RateLimitData {
  const unknown = { global: false, hash: '', limit: 0, majorParameter: '', scope: 'user' } as const;
  return {
    ...unknown,
    url,
    method,
    route: kind,
    timeToReset: waitMs,
    retryAfter: waitMs,
    sublimitTimeout: 0,
  };
}
