import type { Allowance } from '../concurrency/allowance.ts';
import type { Gate } from '../concurrency/gate.ts';
import type { Notices } from '../discord/notices.ts';
import type { Placed, Replies } from '../discord/replies.ts';
import type { ReplyView } from '../discord/reply-message.ts';
import type { Fetcher } from '../images/fetch.ts';
import type { FileStore } from '../images/file-store.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Generation, Task } from '../ledger/rows.ts';
import type { Schedule } from '../polling/index.ts';
import type { ModelId } from '../request/models.ts';
import type { JobState, LiveTask } from './job.ts';
import type { Pace } from './pace.ts';
import type { Queue } from './queue.ts';
import type { Room } from './room.ts';

/** Is told what is worth measuring. */
export interface RunnerObserver {
  /** A task's image is ready: `tookMs` after the service took it, `unseenMs` before it was noticed. */
  noticed(model: ModelId, times: { readonly tookMs: number; readonly unseenMs: number }): void;
  /** The last word is visible, `deliveryMs` after its last image was noticed; null where that says nothing. */
  settled(generation: Generation, tasks: readonly Task[], deliveryMs: number | null): void;
}

/** What the runner works with, given once by the entry point. */
export interface RunnerDeps {
  readonly ledger: Ledger;
  readonly service: JimmyAi;
  readonly fetcher: Fetcher;
  readonly files: FileStore;
  readonly replies: Replies;
  readonly notices: Notices;
  /** For the images that are in memory. */
  readonly room: Room<LiveTask>;
  /** For edits that show progress: what is final waits for none of them. */
  readonly pace: Pace;
  readonly queue: Queue;
  /** For references on their way to the service. */
  readonly uploads: Gate;
  /** How many requests of a person may be refused for their references. */
  readonly refusedRequests: Allowance;
  readonly render: (state: JobState, now: number) => ReplyView;
  /** What a person is told besides the reply when it is done. */
  readonly renderNotice: (state: JobState, reply: Placed) => string;
  readonly observer: RunnerObserver;
  readonly schedule: Schedule;
  readonly taskDeadlineMs: number;
  readonly now: () => number;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed: () => number;
}
