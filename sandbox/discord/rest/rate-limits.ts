import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';

/** A bucket after a request was counted. Times in milliseconds. */
export interface RateLimitState {
  exceeded: boolean;
  headers: Record<string, string>;
  retryAfterMs: number;
}

export interface RateLimits {
  /** Counts a request; `undefined` for routes without a limit of their own. */
  count(
    method: string,
    template: string,
    params: Readonly<Record<string, string>>,
  ): RateLimitState | undefined;
}

interface Limit {
  requests: number;
  windowMs: number;
}

// Discord publishes no figures and asks to obey the headers; these are the ones people have measured (unofficial).
const PER_INTERACTION_TOKEN: Limit = { requests: 5, windowMs: 2_000 };
const PER_CHANNEL: Limit = { requests: 5, windowMs: 5_000 };
const PER_ROUTE: Limit = { requests: 50, windowMs: 1_000 };

export function createRateLimits(clock: Clock): RateLimits {
  const buckets = new Map<string, { used: number; resetAt: number }>();

  return {
    count(method, template, params) {
      const rule = ruleFor(method, template, params);
      if (!rule) return undefined;
      const known = buckets.get(rule.key);
      const now = clock.now();
      const bucket = known && known.resetAt > now ? known : { used: 0, resetAt: now + rule.limit.windowMs };
      buckets.set(rule.key, bucket);
      const exceeded = bucket.used >= rule.limit.requests;
      if (!exceeded) bucket.used += 1;
      const retryAfterMs = bucket.resetAt - now;
      return { exceeded, retryAfterMs, headers: headersOf(rule, bucket, { retryAfterMs, exceeded }) };
    },
  };
}

interface Rule {
  key: string;
  name: string;
  limit: Limit;
}

function ruleFor(
  method: string,
  template: string,
  params: Readonly<Record<string, string>>,
): Rule | undefined {
  if (template.startsWith('/interactions/')) return undefined;
  if (params.webhook_token !== undefined) {
    return { key: `token:${params.webhook_token}`, name: 'webhook', limit: PER_INTERACTION_TOKEN };
  }
  const name = `${method} ${template}`;
  const isWrite = method !== 'GET' && template.startsWith('/channels/{channel_id}/messages');
  const major = params.channel_id ?? params.guild_id ?? '';
  return { key: `${name}:${major}`, name, limit: isWrite ? PER_CHANNEL : PER_ROUTE };
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
