import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, Discord, Interaction } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import { isLastWord, promptIn, promptOf } from './reply-text.ts';

/** One `/imagine` by a person. */
export interface Asked {
  readonly prompt: string;
  /** How many images. */
  readonly count: number;
  readonly interaction: Interaction;
}

export interface AskedOnShard extends Asked {
  /** The shard that hears of it. */
  readonly shard: number;
}

/** Where people ask, and which of the bot's shards hears of it. */
export interface Place {
  readonly channel: Channel;
  readonly shard: number;
}

/** People who keep so many generations in flight. */
export interface Demand {
  readonly asked: readonly AskedOnShard[];
  /** Generations without a visible final reply. */
  open(): readonly Asked[];
  stop(): Promise<void>;
}

const ROUND_EVERY_MS = 50;
/** Spreads the requests a little, since the bot sends at most 50 requests a second. */
const ASKED_PER_ROUND = 2;
/** Discord's own limit, after which a person reads "The application did not respond". */
const FIRST_RESPONSE_MS = 3000;
/** Most people want one image. */
const COUNTS = [1, 1, 1, 2, 3, 4] as const;
/** Those that both APIs of the service have. */
export const MODELS = ['nano-banana', 'nano-banana-2', 'nano-banana-pro', 'gpt-image-2'] as const;

/** Asks wherever the bot is connected while fewer than `inFlight` generations are open. */
export function keepAsking(options: {
  discord: Discord;
  places: readonly Place[];
  inFlight: number;
  random: Random;
}): Demand {
  const { discord, places, inFlight, random } = options;
  const asked: AskedOnShard[] = [];
  const open = new Map<string, AskedOnShard>();
  const stopping = new AbortController();
  const connected = new Set<number>();

  discord.on('session', ({ shard, state }) => {
    if (state === 'ready' || state === 'resumed') connected.add(shard);
    else connected.delete(shard);
  });
  discord.on('message', (message) => {
    const prompt = promptIn(message);
    if (prompt !== null && isLastWord(message)) open.delete(prompt);
  });

  function ask({ channel, shard }: Place): void {
    const prompt = promptOf(asked.length);
    const count = pick(random, COUNTS);
    const { alice, bob, carol } = discord.people;
    const interaction = discord.interact.command({
      name: 'imagine',
      user: pick(random, [alice, bob, carol]),
      channel,
      options: { prompt, model: pick(random, MODELS), count },
    });
    asked.push({ prompt, count, shard, interaction });
    open.set(prompt, { prompt, count, shard, interaction });
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      forgetUnanswered(open, discord.clock.now());
      const isOffered = discord.commands().length > 0;
      const heard = places.filter(({ shard }) => isOffered && connected.has(shard));
      const wanted = heard.length > 0 ? Math.min(ASKED_PER_ROUND, inFlight - open.size) : 0;
      for (let count = 0; count < wanted; count += 1) ask(pick(random, heard));
      await delay(ROUND_EVERY_MS);
    }
  }
  const done = rounds();

  return {
    asked,
    open() {
      forgetUnanswered(open, discord.clock.now());
      return [...open.values()];
    },
    stop() {
      stopping.abort();
      return done;
    },
  };
}

/** Drops requests made while the bot was down. Discord told the person, so they aren't generations. */
function forgetUnanswered(open: Map<string, Asked>, now: number): void {
  for (const { prompt, interaction } of open.values()) {
    const unanswered = interaction.history.length === 0;
    if (unanswered && now - interaction.createdAt > FIRST_RESPONSE_MS) open.delete(prompt);
  }
}
