import { type EndReason, KEPT_IMAGE, type Task, type TaskState } from './rows.ts';

/** An allowed change of a task's state. Pure; the ledger and the model test share these. */
export interface Transition {
  readonly from: readonly TaskState[];
  readonly to: (task: Task) => Task;
}

/** The reason for an end, and the service's own words. */
export interface Ending {
  readonly reason: EndReason;
  readonly words?: string | null;
}

/** Every transition. Times are milliseconds since the epoch. */
export const transitions = {
  submit: (now: number): Transition => ({
    from: ['reserved'],
    to: (task) => ({ ...task, state: 'submitting', submittedAt: now }),
  }),
  /** The service certainly hasn't accepted the create, which is sent again later. */
  putBack: (): Transition => ({
    from: ['submitting'],
    to: (task) => ({ ...task, state: 'reserved', submittedAt: null }),
  }),
  run: (serviceTaskId: string, now: number, cost?: Told): Transition => ({
    from: ['submitting'],
    to: (task) =>
      billed({ ...task, state: 'running', serviceTaskId, submittedAt: now, watchedSince: now }, cost),
  }),
  /** The service reports the cost while the image is still being made. */
  bill: (cost: number): Transition => ({
    from: ['running'],
    to: (task) => billed(task, cost),
  }),
  refuse: (ending: Ending, now: number): Transition => ({
    from: ['reserved', 'submitting'],
    to: (task) => ended(task, 'refused', ending, now),
  }),
  leaveUnconfirmed: (words: string | null, now: number): Transition => ({
    from: ['submitting'],
    to: (task) => ended(task, 'unconfirmed', { reason: 'outcome-unknown', words }, now),
  }),
  /** The service has the task after all. */
  confirm: (serviceTaskId: string, now: number, cost?: Told): Transition => ({
    from: ['unconfirmed'],
    to: (task) => {
      const begun = { state: 'running', serviceTaskId, watchedSince: now } as const;
      return billed({ ...task, ...begun, reason: null, serviceWords: null, endedAt: null }, cost);
    },
  }),
  complete: (imageUrl: string, now: number, cost?: Told): Transition => ({
    from: ['running'],
    to: (task) => billed({ ...task, state: 'completed', imageUrl, endedAt: now }, cost),
  }),
  /** The create was answered with the image: as a URL, or as bytes, which are in a file unless the disk is full. */
  completeAtOnce: (
    image: { url: string } | { file: string | null },
    now: number,
    cost?: Told,
  ): Transition => ({
    from: ['submitting'],
    to: (task) =>
      billed(
        {
          ...task,
          state: 'completed',
          ...('url' in image ? { imageUrl: image.url } : { imageUrl: KEPT_IMAGE, imageFile: image.file }),
          watchedSince: task.submittedAt,
          endedAt: now,
        },
        cost,
      ),
  }),
  /** The call was answered with words, which are paid for by then. */
  answer: (words: string, now: number, cost?: Told): Transition => ({
    from: ['submitting'],
    to: (task) =>
      billed(
        { ...task, state: 'completed', answer: words, watchedSince: task.submittedAt, endedAt: now },
        cost,
      ),
  }),
  /** The service reports a new URL for the image. */
  readdress: (imageUrl: string): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, imageUrl }),
  }),
  keepImage: (imageFile: string): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, imageFile }),
  }),
  fail: (ending: Ending, now: number, cost?: Told): Transition => ({
    from: ['running'],
    to: (task) => billed(ended(task, 'failed', ending, now), cost),
  }),
  expire: (now: number): Transition => ({
    from: ['running'],
    to: (task) => ended(task, 'expired', { reason: 'deadline' }, now),
  }),
  /**
   * The person no longer waits. The service can't cancel a task that it has accepted, and is busy with it until
   * `busyUntil`.
   */
  cancel: (now: number, busyUntil: number): Transition => ({
    from: WAITING,
    to: (task) =>
      task.serviceTaskId === null
        ? ended(task, 'cancelled', { reason: 'cancelled-unsent' }, now)
        : { ...ended(task, 'cancelled', { reason: 'cancelled-sent' }, now), busyUntil },
  }),
  /** The bot asks about a given-up task again, or fetches its image again. */
  reopen: (now: number): Transition => ({
    from: ['expired', 'cancelled', 'undeliverable'],
    to: (task) => ({
      ...task,
      state: isMade(task) ? 'completed' : 'running',
      watchedSince: now,
      // The kept part isn't the whole image.
      imageFile: task.reason === 'image-in-part' ? null : task.imageFile,
      reason: null,
      serviceWords: null,
      endedAt: isMade(task) ? task.endedAt : null,
      busyUntil: null,
    }),
  }),
  /** `attachmentId` is the image's id in the message, if Discord's answer told it. */
  deliver: (attachmentId: string | null): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, state: 'delivered', imageFile: null, attachmentId }),
  }),
  giveUp: (reason: EndReason, words: string | null = null): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, state: 'undeliverable', reason, serviceWords: words }),
  }),
};

/** The billed cost, if the service reports it. */
type Told = number | undefined;

function billed(task: Task, cost: Told): Task {
  return cost === undefined ? task : { ...task, cost };
}

function ended(task: Task, state: TaskState, { reason, words = null }: Ending, now: number): Task {
  return { ...task, state, reason, serviceWords: words, endedAt: now };
}

const WAITING: readonly TaskState[] = ['reserved', 'submitting', 'running'];

/** Whether the task can still be waited for and cancelled. */
export function isWaiting({ state }: Task): boolean {
  return WAITING.includes(state);
}

/** Whether an ended task can be reopened: the service still has it, or its image can be reached. */
export function canReopen(task: Task): boolean {
  if (!transitions.reopen(0).from.includes(task.state) || task.reason === 'image-expired') return false;
  // Paid work stays in reach as long as the service keeps it, whatever the reason of the end.
  return task.serviceTaskId !== null || isInReach(task);
}

function isMade({ imageUrl, answer }: Task): boolean {
  return imageUrl !== null || answer !== null;
}

function isInReach({ imageUrl, imageFile, reason, answer }: Task): boolean {
  if (answer !== null) return true;
  if (imageUrl !== KEPT_IMAGE) return imageUrl !== null;
  // The same file would be broken again.
  return imageFile !== null && reason !== 'image-broken' && reason !== 'image-unsupported';
}
