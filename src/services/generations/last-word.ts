import { isRefused } from '../discord/errors.ts';
import type { Replies, Shown } from '../discord/replies.ts';
import { type EditTextDeps, editText } from './edit-text.ts';
import { type Job, type Stage, stateOf } from './job.ts';
import { markShown, type Picture } from './pictures.ts';

export interface LastWordDeps extends EditTextDeps {
  readonly replies: Pick<Replies, 'edit' | 'deliver'>;
}

/** How the last word is shown. */
export interface Manner {
  readonly stage: Extract<Stage, 'final' | 'bare'>;
  /** A way that refuses the message counts as closed. */
  readonly pastRefusals: boolean;
}

export const USUAL: Manner = { stage: 'final', pastRefusals: false };
/**
 * What is tried once Discord keeps refusing the usual message. It may refuse the text (a link that it blocks, a word that
 * the server's rules forbid), or the place (a forum post that has no first message yet).
 */
export const AFTER_REFUSALS: readonly Manner[] = [
  { stage: 'bare', pastRefusals: false },
  { stage: 'final', pastRefusals: true },
];
/** The reason why there are no images may be refused for its text, too. */
export const REASON_IN: readonly Manner[] = [USUAL, { stage: 'bare', pastRefusals: true }];

/** `edit` only adds the missing images to the reply; `deliver` finds another way when the reply is out of reach. */
export async function show(
  pictures: readonly Picture[],
  job: Job,
  { replies, render, now }: LastWordDeps,
  way: 'edit' | 'deliver',
  { stage, pastRefusals }: Manner,
): Promise<Shown | null> {
  // The description of an image contains the prompt.
  const sent = stage === 'bare' ? pictures.map(withoutDescription) : pictures;
  const message = { ...render(stateOf(job, stage), now()), images: sent };
  const { generation, log } = job;
  const shown = await (way === 'edit'
    ? replies.edit(generation, message, log)
    : replies.deliver(generation, message, log, pastRefusals));
  if (shown) markShown(pictures, shown);
  return shown;
}

function withoutDescription(picture: Picture): Picture {
  const { file } = picture;
  return { ...picture, file: file && { ...file, description: '' } };
}

/** The outcome of the first manner that Discord doesn't refuse. Rejects with the last refusal when it refuses all. */
export async function firstTaken<T>(
  manners: readonly Manner[],
  show: (manner: Manner) => Promise<T>,
): Promise<T> {
  const [manner = USUAL, ...others] = manners;
  try {
    return await show(manner);
  } catch (error) {
    if (!isRefused(error) || others.length === 0) throw error;
    return firstTaken(others, show);
  }
}

/** The last word is in another message. Otherwise the reply would say for ever that it waits. */
export async function sayMoved(job: Job, deps: EditTextDeps): Promise<void> {
  try {
    await editText(job, 'moved', deps);
  } catch (err) {
    job.log.warn({ err }, 'the reply could not say that the result is in another message');
  }
}
