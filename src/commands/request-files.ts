import type { RepliableInteraction } from 'discord.js';
import { LOOK_BEFORE_ANSWER_MS } from '../services/discord/limits.ts';
import { lookAgain } from '../services/images/second-look.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import {
  type Attachment,
  findAttachmentProblem,
  mayBeUsable,
  REFERENCE_MAX_BYTES,
} from '../services/request/request.ts';
import type { CommandContext } from './command.ts';
import { limitRefusal, refusalHere } from './here.ts';
import { refuse } from './refuse.ts';
import { requestImages } from './request-images.ts';

/**
 * Serves a request with its references, followed by the files that its person has just attached. `next` receives it once
 * the files are checked.
 */
export async function requestWithFiles(
  interaction: RepliableInteraction,
  draft: Draft,
  files: readonly Attachment[],
  context: CommandContext,
  next: typeof requestImages = requestImages,
): Promise<void> {
  const withReferences = (of: readonly Attachment[]) => ({
    ...draft,
    references: maskLast([...draft.references, ...of.map(asReference)]),
  });
  const whole = withReferences(files);
  if (files.some(isDoubtful)) {
    const refusal =
      (await refusalHere(interaction, context)) ?? (await limitRefusal(interaction, whole, context));
    if (refusal !== null) return refuse(interaction, whole, refusal, context);
  }
  const looked = await lookedAt(files, interaction.user.id, context);
  const problem = findAttachmentProblem(looked);
  if (!problem) return next(interaction, whole, context);
  const usable = looked.filter((file) => findAttachmentProblem([file]) === null);
  // A mask lies over the first reference, and goes with it.
  const keepsFirst = draft.references.length > 0 || usable[0] === looked[0];
  const left = keepsFirst ? usable : usable.filter(({ isMask }) => !isMask);
  const { text } = context;
  const refusal = {
    words: text.problem(problem),
    instead: { label: text.button.leaveOut },
    showsPrompt: true,
  };
  await refuse(interaction, withReferences(left), refusal, context);
}

function asReference({ name, url, isMask }: Attachment): Draft['references'][number] {
  return { name, source: 'discord', url, file: null, ...(isMask && { isMask }) };
}

/** A reference's number is its place, so the mask must not stand between them. */
function maskLast(references: Draft['references']): Draft['references'] {
  return [...references.filter(({ isMask }) => !isMask), ...references.filter(({ isMask }) => isMask)];
}

/** A file that may be an image despite its content type, and isn't too large for one. */
function isDoubtful({ contentType, size }: Attachment): boolean {
  return !mayBeUsable(contentType) && size <= REFERENCE_MAX_BYTES;
}

/** Inspects the bytes of doubtful files, within the person's allowance for unpaid references. */
async function lookedAt(
  files: readonly Attachment[],
  userId: string,
  { fetcher, unpaidReferences, turns, log }: CommandContext,
): Promise<readonly Attachment[]> {
  const doubtful = files.filter(isDoubtful).length;
  if (doubtful === 0 || !unpaidReferences.take(userId, doubtful)) return files;
  const tooLate = AbortSignal.timeout(LOOK_BEFORE_ANSWER_MS);
  const look = (file: Attachment) =>
    isDoubtful(file) && !tooLate.aborted ? lookAgain(file, fetcher, log) : file;
  return turns(userId, () => Promise.all(files.map(look)));
}
