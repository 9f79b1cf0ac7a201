import { guildsOfBot } from '../world/membership.ts';
import type { World } from '../world/world.ts';
import type { Session } from './session.ts';

/** docs: events/gateway, sharding – a shard with more guilds is refused. */
const GUILDS_PER_SHARD = 2500;
const DAY_MS = 86_400_000;

export interface ShardingOptions {
  /** The number of shards that `/gateway/bot` recommends; default 1. */
  recommended?: number;
  /** How many sessions of different rate limit keys may start at once (`max_concurrency`); default 1. */
  maxConcurrency?: number;
  /** How long the start of a session blocks its rate limit key; default 5,000, as at Discord. 0 allows every start. */
  identifyPauseMs?: number;
  /** How many sessions may start within 24 hours; default 1,000. */
  startsPerDay?: number;
}

/** Decides which shards may start a session, and how many. */
export interface Sharding {
  /** The answer of `/gateway/bot` without the URL. */
  info(): { shards: number; session_start_limit: SessionStartLimit };
  /** Recommends this many from now on, and refuses fewer. */
  require(count: number): void;
  /** Whether this shard's count is too small for its guilds. */
  isTooFew(shard: Session['shard']): boolean;
  /** Counts the start of a session. False when it comes too soon after another one with the same rate limit key. */
  start(shardId: number): boolean;
}

interface SessionStartLimit {
  total: number;
  remaining: number;
  reset_after: number;
  max_concurrency: number;
}

export function createSharding(world: World, options: ShardingOptions = {}): Sharding {
  const { maxConcurrency = 1, identifyPauseMs = 5000, startsPerDay = 1000 } = options;
  let { recommended = 1 } = options;
  let required = 1;
  let starts: number[] = [];
  const lastStarts = new Map<number, number>();

  return {
    info() {
      const now = world.clock.now();
      starts = starts.filter((at) => now - at < DAY_MS);
      return {
        shards: recommended,
        session_start_limit: {
          total: startsPerDay,
          remaining: Math.max(0, startsPerDay - starts.length),
          reset_after: starts[0] === undefined ? DAY_MS : starts[0] + DAY_MS - now,
          max_concurrency: maxConcurrency,
        },
      };
    },
    require(count) {
      recommended = count;
      required = count;
    },
    isTooFew(shard) {
      const guilds = guildsOfBot(world).filter(({ profile }) => isForShard(shard, profile.id));
      return shard[1] < required || guilds.length > GUILDS_PER_SHARD;
    },
    start(shardId) {
      const key = shardId % maxConcurrency;
      const now = world.clock.now();
      if (now - (lastStarts.get(key) ?? Number.NEGATIVE_INFINITY) < identifyPauseMs) return false;
      lastStarts.set(key, now);
      starts.push(now);
      return true;
    },
  };
}

/** docs: events/gateway, sharding – direct messages go to shard 0. */
export function isForShard([id, count]: Session['shard'], guildId: string | undefined): boolean {
  return id === (guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)));
}
