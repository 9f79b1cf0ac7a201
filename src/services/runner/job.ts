import type { Progress } from '../estimate.ts';
import type { SizeChange } from '../images/fit.ts';
import type { ImageInfo } from '../images/inspect.ts';
import type { Generation, ReferenceImage, Task } from '../ledger/rows.ts';
import type { Logger } from '../log.ts';

/** A task with what only the running process needs to know of it. */
export interface LiveTask {
  row: Task;
  /** As the service last said, never falling; null where it says nothing. */
  progress: Progress | null;
  /** The service has begun: it no longer waits in its queue. */
  begun: boolean;
  image: { bytes: Buffer; info: ImageInfo } | null;
  /** What had to be done to the image to fit the upload limit. */
  change: SizeChange | null;
}

/** A generation while it is being served. Everything that must survive the process is in its rows. */
export interface Job {
  generation: Generation;
  readonly references: readonly ReferenceImage[];
  readonly tasks: readonly LiveTask[];
  readonly log: Logger;
  /** Aborted when the process is about to stop. */
  readonly stopping: AbortSignal;
  /** The service can't be asked at the moment. */
  trouble: boolean;
  /** To be called when something that the reply shows has changed. */
  changed(): void;
}

/**
 * `final`: the view is the last word, and goes out with the images. `restarting` and `broken`: the process can't go
 * on for now, because it stops or because the bot itself failed.
 */
export type Stage = 'working' | 'final' | 'restarting' | 'broken';

/** What a view gets to see of a job. */
export interface JobState {
  readonly generation: Generation;
  readonly references: number;
  readonly tasks: readonly Pick<LiveTask, 'row' | 'progress' | 'begun' | 'change'>[];
  readonly trouble: boolean;
  readonly stage: Stage;
}

export function stateOf(job: Job, stage: Stage = 'working'): JobState {
  const { generation, references, tasks, trouble } = job;
  return { generation, references: references.length, tasks, trouble, stage };
}
