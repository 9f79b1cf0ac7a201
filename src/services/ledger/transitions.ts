import { type EndReason, KEPT_IMAGE, type Task, type TaskState } from './rows.ts';

/** One way in which a task's state may change. Pure: the ledger and the model test share these. */
export interface Transition {
  readonly from: readonly TaskState[];
  readonly to: (task: Task) => Task;
}

/** What is said about an end: why, and the service's own words. */
export interface Ending {
  readonly reason: EndReason;
  readonly words?: string | null;
}

/** Every transition there is. Times are milliseconds since the epoch. */
export const transitions = {
  submit: (now: number): Transition => ({
    from: ['reserved'],
    to: (task) => ({ ...task, state: 'submitting', submittedAt: now }),
  }),
  /** The create was certainly not taken, and is sent another time. */
  putBack: (): Transition => ({
    from: ['submitting'],
    to: (task) => ({ ...task, state: 'reserved', submittedAt: null }),
  }),
  run: (serviceTaskId: string, now: number, cost?: Told): Transition => ({
    from: ['submitting'],
    to: (task) =>
      billed({ ...task, state: 'running', serviceTaskId, submittedAt: now, watchedSince: now }, cost),
  }),
  /** The service tells what it costs while it is still being made. */
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
  complete: (imageUrl: string, now: number, cost?: Told): Transition => ({
    from: ['running'],
    to: (task) => billed({ ...task, state: 'completed', imageUrl, endedAt: now }, cost),
  }),
  /** The create was answered with the image: at an address, or as bytes, which are in a file unless the disk is full. */
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
  /** The service names another address for the image than before. */
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
  /** The person no longer waits. The service can't be told to stop what it has taken, and is busy with it until then. */
  cancel: (now: number, busyUntil: number): Transition => ({
    from: WAITING,
    to: (task) =>
      task.serviceTaskId === null
        ? ended(task, 'cancelled', { reason: 'cancelled-unsent' }, now)
        : { ...ended(task, 'cancelled', { reason: 'cancelled-sent' }, now), busyUntil },
  }),
  /** What was given up is asked about again, or its image fetched again. */
  reopen: (now: number): Transition => ({
    from: ['expired', 'cancelled', 'undeliverable'],
    to: (task) => ({
      ...task,
      state: task.imageUrl ? 'completed' : 'running',
      watchedSince: now,
      // What is kept of it is not the image that is asked for.
      imageFile: task.reason === 'image-in-part' ? null : task.imageFile,
      reason: null,
      serviceWords: null,
      endedAt: task.imageUrl ? task.endedAt : null,
      busyUntil: null,
    }),
  }),
  /** `attachmentId` is where it is in the message, if Discord's answer told. */
  deliver: (attachmentId: string | null): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, state: 'delivered', imageFile: null, attachmentId }),
  }),
  giveUp: (reason: EndReason, words: string | null = null): Transition => ({
    from: ['completed'],
    to: (task) => ({ ...task, state: 'undeliverable', reason, serviceWords: words }),
  }),
};

/** What the service says that it billed, where it says so. */
type Told = number | undefined;

function billed(task: Task, cost: Told): Task {
  return cost === undefined ? task : { ...task, cost };
}

function ended(task: Task, state: TaskState, { reason, words = null }: Ending, now: number): Task {
  return { ...task, state, reason, serviceWords: words, endedAt: now };
}

const WAITING: readonly TaskState[] = ['reserved', 'submitting', 'running'];

/** Whether there is still something to wait for, and to cancel. */
export function isWaiting({ state }: Task): boolean {
  return WAITING.includes(state);
}

/** Whether a task that is over can be taken up again: the service has it, or its image is somewhere. */
export function canReopen(task: Task): boolean {
  if (!transitions.reopen(0).from.includes(task.state) || task.reason === 'image-expired') return false;
  // What is paid for stays in reach for as long as the service keeps it, whatever was in the way.
  return task.serviceTaskId !== null || isImageInReach(task);
}

function isImageInReach({ imageUrl, imageFile, reason }: Task): boolean {
  if (imageUrl !== KEPT_IMAGE) return imageUrl !== null;
  // The same file would look the same once more.
  return imageFile !== null && reason !== 'image-broken' && reason !== 'image-unsupported';
}
