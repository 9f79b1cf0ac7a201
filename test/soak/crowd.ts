import { setTimeout as delay } from 'node:timers/promises';
import { MessageFlags } from 'discord-api-types/v10';
import type { Channel, Discord, Interaction, Message, User } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import type { Asked } from '../crash/demand.ts';
import { isLastWord, promptOf, subjectIn } from '../crash/reply-text.ts';
import { button, labels } from '../support/buttons.ts';

/**
 * `steady` people ask for one image after the other, so that all of them weigh the same. `greedy` people always ask for
 * more than they may have. `fickle` people often cancel.
 */
export type Temper = 'steady' | 'greedy' | 'fickle';

export interface CrowdMember {
  readonly user: User;
  readonly channel: Channel;
  readonly temper: Temper;
}

export interface Crowd {
  readonly members: readonly CrowdMember[];
  /** The requests that the bot accepted. */
  readonly asked: readonly Asked[];
  /** How many requests it refused at once. */
  readonly refused: number;
  /** Interactions without an answer in time. */
  readonly unanswered: number;
  /** How long each first answer took, in milliseconds. */
  readonly deferralsMs: readonly number[];
  /** Stops asking, and waits until every reply is final or the time is over. */
  stop(withinMs: number): Promise<void>;
}

const MODELS = ['nano-banana', 'nano-banana-2'] as const;
const GREED = 15;
const GREEDY_COUNTS = [1, 1, 2] as const;
/** People don't all arrive at the same moment. */
const ARRIVING_MS = 5000;
const REFUSED_PAUSE_MS = 2000;
const CHANGES_MIND = 0.5;
const CHANGES_MIND_AFTER_MS = 1500;

/** People on servers of their own who keep asking the bot until they are stopped. */
export function gather(options: {
  discord: Discord;
  people: number;
  servers: number;
  random: Random;
}): Crowd {
  const { discord, people, servers, random } = options;
  const places = Array.from({ length: servers }, (_, index) => discord.addServer(`Server ${index + 1}`));
  const members = Array.from({ length: people }, (_, index): CrowdMember => {
    const { guild, channel } = places[index % servers] as (typeof places)[number];
    return { user: discord.addPerson(`person-${index + 1}`, [guild]), channel, temper: temperOf(index) };
  });
  const asked: Asked[] = [];
  const stopping = new AbortController();
  const words = followLastWords(discord);
  let requests = 0;
  let refused = 0;
  let unanswered = 0;
  const deferralsMs: number[] = [];

  /** Makes one request, from the click to the final reply; false when the bot refused it. */
  async function request({ user, channel, temper }: CrowdMember): Promise<boolean> {
    const count = temper === 'greedy' ? pick(random, GREEDY_COUNTS) : 1;
    const prompt = promptOf(requests++);
    const interaction = discord.interact.command({
      name: 'imagine',
      user,
      channel,
      options: { prompt, model: pick(random, MODELS), count },
    });
    const request = { subject: prompt, count, interaction };
    asked.push(request);
    const askedAt = performance.now();
    const answer = await interaction.response().catch(() => null);
    deferralsMs.push(performance.now() - askedAt);
    if (!answer) unanswered += 1;
    else if (isRefusal(interaction)) refused += 1;
    else {
      if (temper === 'fickle') void changeMind(interaction);
      await words.last(prompt);
      return true;
    }
    asked.splice(asked.indexOf(request), 1);
    return false;
  }

  async function changeMind(interaction: Interaction): Promise<void> {
    await delay(CHANGES_MIND_AFTER_MS);
    const message = interaction.message();
    const label = message && labels(message).find((each) => each === 'Cancel' || each === 'Stop waiting');
    if (!message || !label || random() > CHANGES_MIND) return;
    const { user } = interaction;
    const pressed = discord.interact.click({ user, message, customId: button(message, label) });
    const { message: asked } = await pressed.response();
    if (asked && asked.id !== message.id)
      discord.interact.click({ user, message: asked, customId: button(asked, 'Stop waiting') });
  }

  async function goOn(member: CrowdMember): Promise<void> {
    await delay(random() * ARRIVING_MS);
    while (!stopping.signal.aborted) {
      if (await request(member)) continue;
      await delay(REFUSED_PAUSE_MS, null, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const all = members.flatMap((member) =>
    Array.from({ length: member.temper === 'greedy' ? GREED : 1 }, () => goOn(member)),
  );
  return {
    members,
    asked,
    get refused() {
      return refused;
    },
    get unanswered() {
      return unanswered;
    },
    deferralsMs,
    async stop(withinMs) {
      stopping.abort();
      await Promise.race([Promise.all(all), delay(withinMs)]);
      words.stop();
    },
  };
}

function temperOf(index: number): Temper {
  if (index % 25 === 24) return 'greedy';
  return index % 10 === 9 ? 'fickle' : 'steady';
}

function isRefusal(interaction: Interaction): boolean {
  const message = interaction.message();
  return message !== undefined && ((message.flags ?? 0) & MessageFlags.Loading) === 0 && isPrivate(message);
}

function isPrivate({ flags }: Message): boolean {
  return ((flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}

/** Tells when the reply to a prompt is final. */
function followLastWords(discord: Discord) {
  const waiting = new Map<string, () => void>();
  const spoken = new Set<string>();
  const stop = discord.on('message', (message) => {
    const prompt = message.author.id === discord.bot.id && isLastWord(message) ? subjectIn(message) : null;
    if (prompt === null) return;
    spoken.add(prompt);
    waiting.get(prompt)?.();
    waiting.delete(prompt);
  });
  return {
    stop,
    last(prompt: string): Promise<void> {
      if (spoken.has(prompt)) return Promise.resolve();
      return new Promise((resolve) => waiting.set(prompt, resolve));
    },
  };
}
