import type { FileStore } from '../files.ts';
import type { Fetcher } from '../images/fetch.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Replies, ReplyView } from '../replies.ts';
import type { JobState } from './job.ts';

/** What the runner works with, given once by the entry point. */
export interface RunnerDeps {
  readonly ledger: Ledger;
  readonly service: JimmyAi;
  readonly fetcher: Fetcher;
  readonly files: FileStore;
  readonly replies: Replies;
  readonly render: (state: JobState, now: number) => ReplyView;
  readonly taskDeadlineMs: number;
  readonly pollMinMs: number;
  readonly pollMaxMs: number;
  readonly now: () => number;
}
