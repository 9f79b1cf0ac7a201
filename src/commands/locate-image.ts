import type { Message } from 'discord.js';
import { LOOK_BEFORE_ANSWER_MS } from '../services/discord/limits.ts';
import { SERVICE_KEEPS_MS } from '../services/images/lifetime.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReferenceSource, Task } from '../services/ledger/rows.ts';
import { customIdsOf } from './carried.ts';
import type { CommandContext } from './command.ts';
import { decodeCustomId } from './custom-id.ts';
import { hasImage } from './facts.ts';

type Attachments = readonly { readonly id: string; readonly url: string }[];
type Context = Pick<CommandContext, 'replies' | 'now' | 'log'>;

/** Where the bot can fetch the image with this number, from 1, now; null when it is nowhere. */
export async function locateImage(
  stored: StoredGeneration,
  number: number,
  seen: Message | null,
  context: Context,
): Promise<ReferenceSource | null> {
  return (await locateImages(stored, seen, context))[number - 1] ?? null;
}

/**
 * Where the bot can fetch the image of each task now: from the message in front of the person, whose URLs Discord has
 * just signed; from the reply, looked up again; from a message that shows it alone or asks for it; or from the service.
 * Null when it is nowhere.
 */
export async function locateImages(
  stored: StoredGeneration,
  seen: Message | null,
  context: Context,
): Promise<(ReferenceSource | null)[]> {
  const { tasks } = stored;
  const isReplySeen = seen !== null && isReply(seen, stored);
  const attachments = isReplySeen ? [...seen.attachments.values()] : await lookUp(stored, context);
  const pictures = picturesIn(seen);
  return tasks.map((task, index) => {
    if (!hasImage(task)) return null;
    const name = `${stored.generation.request.model}-${index + 1}`;
    const url = attachmentOf(task, stored, attachments) ?? pictures.get(index + 1);
    if (url) return { name, source: 'discord', url, file: null };
    const isKept = task.endedAt !== null && context.now() - task.endedAt < SERVICE_KEEPS_MS;
    // An image without a URL can't be shown or sent from there.
    return isKept && task.imageUrl?.startsWith('http')
      ? { name, source: 'service', url: task.imageUrl, file: null }
      : null;
  });
}

/** Discord's limit for a URL in an embed. */
const EMBED_URL_MAX_CHARACTERS = 2048;

/** The URL by which a message can show the image; null when Discord would refuse it. */
export function showableUrl(image: ReferenceSource | null): string | null {
  const url = image?.url ?? null;
  return url?.startsWith('http') && url.length <= EMBED_URL_MAX_CHARACTERS ? url : null;
}

function isReply(message: Message, { generation, tasks }: StoredGeneration): boolean {
  if (message.id === generation.message?.id) return true;
  return tasks.some(({ attachmentId }) => attachmentId !== null && message.attachments.has(attachmentId));
}

async function lookUp(
  { generation }: StoredGeneration,
  { replies, log }: Pick<Context, 'replies' | 'log'>,
): Promise<Attachments> {
  const tooLate = AbortSignal.timeout(LOOK_BEFORE_ANSWER_MS);
  try {
    // discord.js ignores the signal while it waits for a rate limit.
    const found = replies.attachments(generation, tooLate);
    return (await Promise.race([found, whenAborted(tooLate)])) ?? [];
  } catch (err) {
    log.warn({ err, generation: generation.id }, 'the reply could not be looked up for its images');
    return [];
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** The URL of the task's attachment. If Discord's answer didn't tell the ids, a single image can still be matched. */
function attachmentOf(task: Task, { tasks }: StoredGeneration, attachments: Attachments): string | null {
  const known = attachments.find(({ id }) => id === task.attachmentId);
  const [only, ...others] = attachments;
  const isOnly = task.attachmentId === null && others.length === 0 && tasks.filter(hasImage).length === 1;
  return known?.url ?? (isOnly ? (only?.url ?? null) : null);
}

/**
 * The URLs of the images in a message whose buttons name them by number: one alone, or several to choose from. It is
 * the only source when the reply can't be looked up.
 */
function picturesIn(seen: Message | null): Map<number, string | undefined> {
  if (!seen) return new Map();
  const named = [...new Set(customIdsOf(seen).map((id) => Number(decodeCustomId(id)?.detail)))];
  // Otherwise the numbers can't be matched to the images.
  if (named.length !== seen.embeds.length) return new Map();
  return new Map(
    named.map((number, index) => {
      const { image, thumbnail } = seen.embeds[index] ?? {};
      return [number, (image ?? thumbnail)?.url];
    }),
  );
}
