import type { Channel, Interaction, Message, User } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, reply, until } from './bot-on-sandbox.ts';
import { rowsIn } from './ledger-file.ts';

/** The person, the place and the options of a request. */
export interface Asking {
  user?: User;
  channel?: Channel;
  attachmentSizeLimit?: number;
  userInstalled?: boolean | 'too';
  locale?: string;
  private?: boolean;
  count?: number;
}

/** Longer than the sandbox's service takes at its natural speed. */
const LONG_ENOUGH_MS = 60_000;

/** The speed of a service that is so slow that no image is done before the test wants it. */
export const NEVER_BY_ITSELF = 0.1;
/** Longer than that one takes. Three times this is less than a token lives, and once is less than the pause between two probes. */
export const SLOW_ENOUGH_MS = 4 * 60_000;

/** Asks for an image from a model that takes some seconds. */
export function imagine(on: BotOnSandbox, prompt: string, asking: Asking = {}): Interaction {
  const { private: isPrivate = false, count, ...act } = asking;
  const options = { prompt, model: 'nano-banana', private: isPrivate, ...(count && { count }) };
  return on.discord.interact.command({ name: 'imagine', options, ...act });
}

/** Asks for images, and waits until the service makes each of them and the ledger knows the reply. */
export async function imagineUnderWay(
  on: BotOnSandbox,
  prompt: string,
  asking?: Asking,
): Promise<Interaction> {
  const interaction = imagine(on, prompt, asking);
  await until(async () => {
    const underWay = (await allStoredBy(on, prompt)).filter(
      ({ state, messageId }) => state === 'running' && messageId,
    );
    return underWay.length === (asking?.count ?? 1);
  });
  return interaction;
}

/** Lets the service finish all tasks that it has begun. */
export function finishImages(on: BotOnSandbox): Promise<void> {
  return on.advance(LONG_ENOUGH_MS);
}

/** Asks for an image, and waits until the generation is settled. */
export async function imagined(on: BotOnSandbox, prompt: string, asking?: Asking): Promise<Message> {
  const interaction = imagine(on, prompt, asking);
  await until(async () => (await storedBy(on, prompt))?.settledAt);
  return reply(interaction, /./);
}

/** Kills the bot and starts the next one. */
export async function restart(on: BotOnSandbox, env: Record<string, string> = {}): Promise<void> {
  await on.bot().stop('SIGKILL');
  await on.start(env);
}

/** The rows of the generation with this prompt and of its task. */
export interface Stored {
  readonly token: string | null;
  readonly channelId: string | null;
  readonly messageId: string | null;
  readonly acknowledgedAt: number | null;
  readonly settledAt: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly imageFile: string | null;
}

const OF_PROMPT = `
  SELECT token, channel_id AS "channelId", message_id AS "messageId", acknowledged_at AS "acknowledgedAt",
    settled_at AS "settledAt", state, reason, image_file AS "imageFile"
  FROM generations JOIN tasks ON generation_id = generations.id WHERE prompt = ?`;

/** Reads the ledger beside the bot; undefined when nothing is written for this prompt. */
export async function storedBy(on: BotOnSandbox, prompt: string): Promise<Stored | undefined> {
  const [first] = await allStoredBy(on, prompt);
  return first;
}

/** One for each task. */
async function allStoredBy({ ledger }: BotOnSandbox, prompt: string): Promise<readonly Stored[]> {
  return (await ledger.rows(OF_PROMPT, prompt)) as unknown as readonly Stored[];
}

/** The same for a SQLite file, at once. */
export function stored(databasePath: string, prompt: string): Stored | undefined {
  const [first] = rowsIn(databasePath, OF_PROMPT, prompt);
  return first as Stored | undefined;
}
