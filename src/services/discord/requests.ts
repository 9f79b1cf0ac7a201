import { setTimeout as delay } from 'node:timers/promises';
import { type RateLimitData, RateLimitError, type RESTOptions, type ResponseLike } from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { checkBeforeSending } from './before-sending.ts';
import { createClosedWays } from './closed-ways.ts';
import type { InvalidAnswers, Use } from './invalid-answers.ts';
import { readAhead } from './read-ahead.ts';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * The bot sleeps through waits up to this long, in milliseconds. For longer ones there may be another way to the
 * person.
 */
const PATIENCE_MS = 10_000;
/** Discord accepts an interaction's first answer for 3 s (docs: interactions/receiving-and-responding). */
const CALLBACK_PATIENCE_MS = 2500;
/** The wait when the answer names none, such as an edge's page, in milliseconds. */
const WAIT_IF_UNSAID_MS = 60_000;
/** The wait when Discord itself says 0. If it says so again, the wait grows. */
const WAIT_IF_ZERO_MS = 1000;
/** No answer closes a way for longer than this, in milliseconds; then one request tries it again. */
const WAIT_MAX_MS = 60 * 60_000;

/**
 * Makes the requests of discord.js's REST, which trusts every answer. discord.js would repeat a 429 without a usable
 * `Retry-After` at once and for ever, and would sleep through one of an hour. Here the wait is read from the answer,
 * logged once, and applied to all requests of that kind; a long wait rejects with {@link RateLimitError}. Anything that
 * looks like one of Discord's codes is removed from the answer of an edge or a proxy, and a page with a success status
 * rejects. After too many invalid answers, requests wait as if Discord had limited them.
 */
export function createRequests(options: {
  makeRequest: MakeRequest;
  log: Pick<Logger, 'warn'>;
  invalid: InvalidAnswers;
  /** The wall clock, for dates in answers. */
  now: () => number;
  elapsed: () => number;
}): MakeRequest {
  const { makeRequest, invalid, now } = options;
  const ways = createClosedWays(options);

  async function patientlyWait(route: Route, signal: AbortSignal | null | undefined): Promise<void> {
    // The way comes last, because asking it marks this request as the one that tries it again.
    const wait = () => invalid.waitMs(useOf(route)) || ways.waitMs(route.way);
    for (let waitMs = wait(); waitMs > 0; waitMs = wait()) {
      if (waitMs > patienceOf(route)) throw new RateLimitError(dataOf(route, waitMs));
      await delay(waitMs, null, signal ? { signal } : {});
    }
    invalid.begins();
  }

  function closeEverything(route: Route, askedMs: number): number {
    // A limit that holds even for interactions holds for everything.
    if (route.everything !== EVERYTHING) ways.close(EVERYTHING, askedMs, null);
    return ways.close(route.everything, askedMs, toldAs(route, route.everything));
  }

  async function closeFor(route: Route, answer: ResponseLike): Promise<Response> {
    const body = await objectIn(answer);
    const said = rateLimit.safeParse(body).data;
    const askedMs = waitOf(answer.headers.get('retry-after'), said?.retry_after, now());
    const isGlobal = answer.headers.has(OF_EVERYTHING) || said?.global === true;
    // An edge's page isn't a limit of a single route.
    const waitMs = isGlobal
      ? closeEverything(route, askedMs)
      : ways.close(said ? route.name : route.kind, askedMs, toldAs(route, route.kind));
    // The wait is known; discord.js would read further limits from these headers.
    for (const header of [...OWN_LIMITS, OF_EVERYTHING]) answer.headers.delete(header);
    return withBody(answer, body ?? {}, { 'retry-after': String(waitMs / 1000) });
  }

  return async (url, init) => {
    const route = routeOf(url, init.method ?? 'GET');
    await patientlyWait(route, init.signal as AbortSignal | null | undefined);
    let isOpen = false;
    let answer: ResponseLike | null = null;
    try {
      checkBeforeSending();
      answer = await makeRequest(url, await readAhead(init));
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

/** For discord.js's `rejectOnRateLimit`: whether a wait is too long to sleep through. */
export function isTooLongToWait(data: RateLimitData): boolean {
  const waitMs = Math.max(data.timeToReset, data.retryAfter, data.sublimitTimeout);
  return waitMs > patienceOf(routeOf(data.url, data.method));
}

/** Something else answered in Discord's place, with a success status. */
export class NotDiscordsAnswer extends Error {
  override readonly name = 'NotDiscordsAnswer';

  constructor(status: number) {
    super(`something else answered in Discord's place (HTTP ${status})`);
  }
}

const EVERYTHING = 'everything';
/** The bot's global rate limit doesn't apply to these (docs: topics/rate-limits, “Global Rate Limit”). */
const OF_INTERACTIONS: ReadonlyMap<string, string> = new Map(
  ['interactions', 'webhooks'].map((kind) => [kind, 'everything about interactions']),
);

interface Route {
  readonly url: string;
  readonly method: string;
  readonly name: string;
  /** The first part of the path: `webhooks`, `channels` … Unlike the name, it contains no token. */
  readonly kind: string;
  /** The name of the way that a global limit closes. */
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

/** The kind to log; null for the gateway, since the start itself logs what it waits for. */
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

/** The body of Discord's own 429, which also helps when the header is missing or useless (docs: topics/rate-limits). */
const rateLimit = z.object({ retry_after: z.number().nonnegative(), global: z.boolean().catch(false) });

/** Read from the header in seconds, else from the body, else from the header as a date (RFC 9110 §10.2.3). */
function waitOf(header: string | null, said: number | undefined, now: number): number {
  const waitsMs = [Number(header) * 1000, (said ?? 0) * 1000, Date.parse(header ?? '') - now];
  const unsaidMs = said === 0 ? WAIT_IF_ZERO_MS : WAIT_IF_UNSAID_MS;
  const waitMs = waitsMs.find((ms) => Number.isFinite(ms) && ms > 0) ?? unsaidMs;
  return Math.min(waitMs, WAIT_MAX_MS);
}

/** Discord's limits for the next requests of the same kind, which discord.js obeys (docs: topics/rate-limits). */
const OWN_LIMITS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset-after'];
/** Removed, because discord.js would hold back interactions as well. */
const OF_EVERYTHING = 'x-ratelimit-global';

/** Removes an absurd reset time, which would hold requests back for ever or be NaN. */
function boundReset(headers: Pick<Headers, 'get' | 'delete'>): void {
  const resetMs = Number(headers.get('x-ratelimit-reset-after') ?? 0) * 1000;
  if (resetMs >= 0 && resetMs <= WAIT_MAX_MS) return;
  for (const header of OWN_LIMITS) headers.delete(header);
}

/** Gives every refusal a JSON body: discord.js looks for a code in it, unless the status is 500 or more. */
async function readable(answer: ResponseLike): Promise<ResponseLike> {
  const isPage = answer.headers.get('content-type')?.includes('text/html') ?? false;
  if (answer.ok && isPage) throw new NotDiscordsAnswer(answer.status);
  if (answer.ok || answer.status >= 500) return answer;
  return withBody(answer, (await objectIn(answer)) ?? { code: 0, message: `HTTP ${answer.status}` });
}

/** The JSON object in an answer; null when there is none. */
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
  // These describe the original body.
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
