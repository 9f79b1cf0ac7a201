import type { Replies, Shown } from '../discord/replies.ts';
import type { ReplyView } from '../discord/reply-message.ts';
import { type Job, type JobState, type Stage, stateOf } from './job.ts';

export interface EditTextDeps {
  readonly replies: Pick<Replies, 'edit'>;
  readonly render: (state: JobState, now: number) => ReplyView;
  readonly now: () => number;
}

/** Edits the reply to what it says at this stage. Its images stay. Null and errors as of {@link Replies.edit}. */
export function editText(
  job: Job,
  stage: Stage,
  { replies, render, now }: EditTextDeps,
): Promise<Shown | null> {
  return replies.edit(job.generation, { ...render(stateOf(job, stage), now()), images: [] }, job.log);
}
