import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, Discord, Interaction } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import { isLastWord, promptOf, subjectIn } from './reply-text.ts';

/** One request by a person: `/imagine`, or a tool. */
export interface Asked {
  /** The prompt, or the tool and the message with its source. No two requests have the same. */
  readonly subject: string;
  /** Only the person sees the reply, so nothing but its token reaches it. */
  readonly isPrivate?: true;
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
/** How often somebody uses a tool instead. */
const TOOL_SHARE = 0.4;
/** How often somebody sees their prompt rewritten first, and goes no further. */
const ENHANCE_SHARE = 0.2;
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
  /** Has somebody use a tool there. Null where that begins no request. Default: nobody does. */
  useTool?(place: Place): Promise<AskedOnShard | null>;
}): Demand {
  const { discord, places, inFlight, random, useTool } = options;
  const asked: AskedOnShard[] = [];
  const open = new Map<string, AskedOnShard>();
  const choosing = new Set<Promise<unknown>>();
  let prompts = 0;
  const stopping = new AbortController();
  const connected = new Set<number>();

  discord.on('session', ({ shard, state }) => {
    if (state === 'ready' || state === 'resumed') connected.add(shard);
    else connected.delete(shard);
  });
  discord.on('message', (message) => {
    const subject = subjectIn(message);
    if (subject !== null && isLastWord(message)) open.delete(subject);
  });

  function add(request: AskedOnShard): void {
    asked.push(request);
    open.set(request.subject, request);
  }

  function imagine({ channel, shard }: Place): void {
    prompts += 1;
    const prompt = promptOf(prompts);
    const enhance = useTool !== undefined && random() < ENHANCE_SHARE && isOption(discord, 'enhance');
    const count = enhance ? 1 : pick(random, COUNTS);
    const { alice, bob, carol } = discord.people;
    const interaction = discord.interact.command({
      name: 'imagine',
      user: pick(random, [alice, bob, carol]),
      channel,
      options: { prompt, model: pick(random, MODELS), count, ...(enhance && { enhance }) },
    });
    add({ subject: prompt, count, shard, interaction, ...(enhance && { isPrivate: enhance }) });
  }

  function ask(place: Place): void {
    if (useTool && random() < TOOL_SHARE) choose(useTool(place));
    else imagine(place);
  }

  function choose(request: Promise<AskedOnShard | null>): void {
    const chosen = request.then((begun) => begun && add(begun)).finally(() => choosing.delete(chosen));
    choosing.add(chosen);
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      forgetOver(open, discord.clock.now());
      const isOffered = discord.commands().length > 0;
      const heard = places.filter(({ shard }) => isOffered && connected.has(shard));
      const wanted = heard.length > 0 ? Math.min(ASKED_PER_ROUND, inFlight - open.size - choosing.size) : 0;
      for (let count = 0; count < wanted; count += 1) ask(pick(random, heard));
      await delay(ROUND_EVERY_MS);
    }
    await Promise.all(choosing);
  }
  const done = rounds();

  return {
    asked,
    open() {
      forgetOver(open, discord.clock.now());
      return [...open.values()];
    },
    stop() {
      stopping.abort();
      return done;
    },
  };
}

/** Whether the bot that registered its commands last has this option. */
function isOption(discord: Discord, name: string): boolean {
  const imagine = discord.commands().find((command) => command.name === 'imagine');
  return imagine?.options?.some((option) => option.name === name) ?? false;
}

/**
 * Drops requests made while the bot was down: Discord told the person, so they aren't generations. Also drops those that
 * were refused in words that don't name them.
 */
function forgetOver(open: Map<string, Asked>, now: number): void {
  for (const { subject, interaction } of open.values()) {
    const unanswered = interaction.history.length === 0;
    const reply = interaction.message();
    const refused = reply && subjectIn(reply) === null && isLastWord(reply);
    if (refused || (unanswered && now - interaction.createdAt > FIRST_RESPONSE_MS)) open.delete(subject);
  }
}
