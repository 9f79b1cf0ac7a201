import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import type {
  Channel,
  Discord,
  Interaction,
  Message,
  PersonFile,
  User,
} from '../../sandbox/discord/index.ts';
import { noise } from '../support/pictures.ts';

/** Members without special permissions who do everything to keep the bot busy, until they are stopped. */
export interface Attackers {
  /** How often each attack was carried out. */
  readonly attempts: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** A small file that takes seconds to decode: 8,000 × 8,000 pixels at 16 bits. */
const HEAVY_SIDE_PX = 8000;
/** A script wouldn't pause, but Discord slows down people who click without a pause. */
const PAUSE_MS = 2000;
const REFERENCES = ['reference', 'reference_2', 'reference_3', 'reference_4'] as const;

type Attack = (user: User) => Promise<Interaction[]>;

/** Each attacker carries out every attack at the same time, one loop each. */
export async function sendAttackers(options: { discord: Discord; attackers: number }): Promise<Attackers> {
  const { discord } = options;
  const { channel } = discord;
  if (options.attackers === 0) return { attempts: {}, stop: async () => undefined };
  const attacks = attacksOn({ discord, channel, ...(await ammunition()) });
  const studio = { id: guildIdOf(channel) };
  const tavern = { id: guildIdOf(discord.elsewhere) };
  const people = Array.from({ length: options.attackers }, (_, index) =>
    discord.addPerson(`attacker-${index + 1}`, [studio, tavern]),
  );
  const stopping = new AbortController();
  const attempts: Record<string, number> = {};

  async function keepOn(name: string, attack: Attack, user: User): Promise<void> {
    while (!stopping.signal.aborted) {
      const interactions = await attack(user);
      attempts[name] = (attempts[name] ?? 0) + interactions.length;
      // Missing answers are ignored here; the crowd's measurements show whether others suffer.
      await Promise.allSettled(interactions.map((interaction) => interaction.response()));
      await delay(PAUSE_MS, null, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const loops = people.flatMap((user) =>
    Object.entries(attacks).map(([name, attack]) => keepOn(name, attack, user)),
  );
  return {
    attempts,
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

interface Ammunition {
  readonly heavy: PersonFile;
  readonly good: PersonFile;
}

async function ammunition(): Promise<Ammunition> {
  const background = { r: 10, g: 20, b: 30 };
  const heavy = sharp({
    create: { width: HEAVY_SIDE_PX, height: HEAVY_SIDE_PX, channels: 3, background },
    limitInputPixels: false,
  });
  return {
    heavy: { name: 'heavy.png', bytes: await heavy.toColourspace('rgb16').png().toBuffer() },
    good: { name: 'good.png', bytes: await noise(1200, 900).png().toBuffer() },
  };
}

function attacksOn({
  discord,
  channel,
  heavy,
  good,
}: Ammunition & { discord: Discord; channel: Channel }): Record<string, Attack> {
  const { interact } = discord;
  const imagine = (
    user: User,
    prompt: string,
    files: readonly PersonFile[],
    count: number,
    where = channel,
  ) =>
    interact.command({
      name: 'imagine',
      user,
      channel: where,
      options: {
        prompt,
        model: 'nano-banana',
        count,
        ...Object.fromEntries(files.map((file, index) => [REFERENCES[index], file])),
      },
    });
  const spoilt = { name: 'spoilt.png', bytes: Buffer.from('no image') };
  // As long as the option allows, with words that no prompt contains.
  const tooManyWords = 'q '.repeat(22).trim();
  const photos = new Map<string, Promise<Message>>();
  const photoOf = (user: User) =>
    photos.getOrInsertComputed(user.id, () => discord.say({ user, channel, files: [good] }));
  const shown = new Set<string>();

  return {
    'questions that nobody answers': async (user) =>
      times(5, () => imagine(user, 'a heavy question', [heavy, heavy, heavy, heavy], 4)),
    'references of which one is none': async (user) =>
      times(5, () => imagine(user, 'a spoilt request', [good, good, good, spoilt], 1)),
    'searches for everything': async (user) =>
      times(5, () => interact.command({ name: 'history', user, channel, options: { search: tooManyWords } })),
    'images where the bot is no member': async (user) => {
      // An image to look up has to exist first.
      if (!shown.has(user.id)) await imagine(user, 'an image elsewhere', [], 1, discord.elsewhere).answer();
      shown.add(user.id);
      return times(10, () => interact.command({ name: 'history', user, channel: discord.elsewhere }));
    },
    'forms that are never sent': async (user) => {
      const message = await photoOf(user);
      return times(10, () => interact.messageMenu({ name: 'Use as reference', user, message }));
    },
    'prompts of line breaks': async (user) => times(2, () => imagine(user, `a${'\n'.repeat(3900)}b`, [], 4)),
  };
}

function times<T>(count: number, act: () => T): T[] {
  return Array.from({ length: count }, act);
}

function guildIdOf(channel: Channel): string {
  if (!('guild_id' in channel) || channel.guild_id === undefined)
    throw new Error('that is no server channel');
  return channel.guild_id;
}
