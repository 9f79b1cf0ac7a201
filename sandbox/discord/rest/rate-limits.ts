import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Route } from './route.ts';

/** A bucket after a request was counted; times are in milliseconds. */
export interface RateLimitState {
  exceeded: boolean;
  /** Whether the exceeded limit is the bot's global one. */
  global: boolean;
  headers: Record<string, string>;
  retryAfterMs: number;
}

export interface RateLimits {
  /** Counts a request; `undefined` for routes without a limit. */
  count(request: Counted, params: Params): RateLimitState | undefined;
}

interface Counted extends Pick<Route, 'template' | 'auth'> {
  method: string;
}

type Params = Readonly<Record<string, string>>;

interface Limit {
  requests: number;
  windowMs: number;
}

// Discord publishes no figures and asks bots to obey the headers. People have measured these (unofficial).
const PER_INTERACTION_TOKEN: Limit = { requests: 5, windowMs: 2_000 };
const PER_CHANNEL: Limit = { requests: 5, windowMs: 5_000 };
/** docs: topics/rate-limits; interaction endpoints are exempt. */
const GLOBAL: Limit = { requests: 50, windowMs: 1_000 };
const PER_ROUTE: Limit = { requests: 50, windowMs: 1_000 };

export function createRateLimits(clock: Clock): RateLimits {
  const buckets = new Map<string, { used: number; resetAt: number }>();

  function take({ key, limit }: Rule): Taken {
    const now = clock.now();
    const known = buckets.get(key);
    const bucket = known && known.resetAt > now ? known : { used: 0, resetAt: now + limit.windowMs };
    buckets.set(key, bucket);
    const exceeded = bucket.used >= limit.requests;
    if (!exceeded) bucket.used += 1;
    return { ...bucket, exceeded, retryAfterMs: bucket.resetAt - now };
  }

  return {
    count({ method, template, auth }, params) {
      if (auth === 'bot') {
        const { exceeded, retryAfterMs } = take(ALL_TOGETHER);
        if (exceeded) return { exceeded, global: true, retryAfterMs, headers: globalHeaders(retryAfterMs) };
      }
      const rule = ruleFor(method, template, params);
      if (!rule) return undefined;
      const { exceeded, retryAfterMs, ...bucket } = take(rule);
      const headers = headersOf(rule, bucket, { retryAfterMs, exceeded });
      return { exceeded, global: false, retryAfterMs, headers };
    },
  };
}

interface Taken {
  used: number;
  resetAt: number;
  exceeded: boolean;
  retryAfterMs: number;
}

interface Rule {
  key: string;
  name: string;
  limit: Limit;
}

const ALL_TOGETHER: Rule = { key: 'global', name: 'global', limit: GLOBAL };

function ruleFor(method: string, template: string, params: Params): Rule | undefined {
  if (template.startsWith('/interactions/')) return undefined;
  if (params.webhook_token !== undefined) {
    return { key: `token:${params.webhook_token}`, name: 'webhook', limit: PER_INTERACTION_TOKEN };
  }
  const name = `${method} ${template}`;
  const isWrite = method !== 'GET' && template.startsWith('/channels/{channel_id}/messages');
  const major = params.channel_id ?? params.guild_id ?? '';
  return { key: `${name}:${major}`, name, limit: isWrite ? PER_CHANNEL : PER_ROUTE };
}

function globalHeaders(retryAfterMs: number): Record<string, string> {
  return {
    'retry-after': String(Math.ceil(retryAfterMs / 1000)),
    'x-ratelimit-global': 'true',
    'x-ratelimit-scope': 'global',
  };
}

function headersOf(
  rule: Rule,
  bucket: { used: number; resetAt: number },
  { retryAfterMs, exceeded }: { retryAfterMs: number; exceeded: boolean },
): Record<string, string> {
  return {
    'x-ratelimit-bucket': createHash('md5').update(rule.name).digest('hex'),
    'x-ratelimit-limit': String(rule.limit.requests),
    'x-ratelimit-remaining': String(rule.limit.requests - bucket.used),
    'x-ratelimit-reset': (bucket.resetAt / 1000).toFixed(3),
    'x-ratelimit-reset-after': (retryAfterMs / 1000).toFixed(3),
    ...(exceeded && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), 'x-ratelimit-scope': 'user' }),
  };
}
