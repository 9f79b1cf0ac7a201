import type { Message } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReferenceSource, Task } from '../services/ledger/rows.ts';
import type { CommandContext } from './command.ts';
import { hasImage } from './facts.ts';

/** The service keeps an image for 3 days (api/jimmyai.md). */
const SERVICE_KEEPS_MS = 3 * 24 * 60 * 60_000;
/** A person waits for the answer meanwhile, and Discord wants it within 3 s. */
const LOOK_WITHIN_MS = 1500;

type Attachments = readonly { readonly id: string; readonly url: string }[];

/**
 * Where a generation's image (by its number, from 1) can be fetched now: from the message in front of the person, whose
 * addresses Discord has just signed; from the reply, looked up anew; or from the service. Null where it is nowhere.
 */
export async function locateImage(
  stored: StoredGeneration,
  number: number,
  seen: Message | null,
  context: Pick<CommandContext, 'replies' | 'now' | 'log'>,
): Promise<ReferenceSource | null> {
  const task = stored.tasks[number - 1];
  if (!task || !hasImage(task)) return null;
  const name = `${stored.generation.request.model}-${number}`;
  const shown = seen && isReply(seen, stored) ? [...seen.attachments.values()] : [];
  const url = attachmentOf(task, stored, shown) ?? attachmentOf(task, stored, await lookUp(stored, context));
  if (url) return { name, source: 'discord', url, file: null };
  const isKept = task.endedAt !== null && context.now() - task.endedAt < SERVICE_KEEPS_MS;
  return task.imageUrl && isKept ? { name, source: 'service', url: task.imageUrl, file: null } : null;
}

/** Fresh addresses of all images of a generation that the bot can still see, in their order. */
export async function imageUrls(
  stored: StoredGeneration,
  context: Pick<CommandContext, 'replies' | 'log'>,
): Promise<string[]> {
  const attachments = await lookUp(stored, context);
  return stored.tasks.flatMap((task) => attachmentOf(task, stored, attachments) ?? []);
}

function isReply(message: Message, { generation, tasks }: StoredGeneration): boolean {
  if (message.id === generation.message?.id) return true;
  return tasks.some(({ attachmentId }) => attachmentId !== null && message.attachments.has(attachmentId));
}

async function lookUp(
  { generation }: StoredGeneration,
  { replies, log }: Pick<CommandContext, 'replies' | 'log'>,
): Promise<Attachments> {
  const tooLate = AbortSignal.timeout(LOOK_WITHIN_MS);
  try {
    // discord.js waits for a rate limit to end whatever the signal says.
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

/** Where Discord's answer didn't tell which image is which, a single one is not hard to tell. */
function attachmentOf(task: Task, { tasks }: StoredGeneration, attachments: Attachments): string | null {
  const known = attachments.find(({ id }) => id === task.attachmentId);
  const [only, ...others] = attachments;
  const isOnly = task.attachmentId === null && others.length === 0 && tasks.filter(hasImage).length === 1;
  return known?.url ?? (isOnly ? (only?.url ?? null) : null);
}
