import type { ReplyFile } from '../discord/reply-message.ts';
import type { SizeChange } from '../images/fit.ts';
import type { Inspected } from '../images/mend.ts';
import type { StoredGeneration } from '../ledger/generations.ts';
import { LeaseLostError } from '../ledger/leases.ts';
import {
  countReferences,
  type Generation,
  type ReferenceImage,
  referenceNumber,
  type Task,
  type TaskState,
} from '../ledger/rows.ts';
import type { TaskLedger } from '../ledger/tasks.ts';
import type { Transition } from '../ledger/transitions.ts';
import type { Logger } from '../log.ts';
import type { Progress } from '../polling/index.ts';
import type { Place } from '../scheduler/fair-order.ts';

/** A task's row, and its state that only the running process needs. */
export interface LiveTask {
  row: Task;
  /** The state that the ledger holds; behind `row` after a write that failed. */
  onDisk: TaskState;
  /** The service's latest progress report, which never falls; null before the first. */
  progress: Progress | null;
  /** The task's whole duration, as predicted by its first and its latest informative progress report. */
  foretold: { readonly firstMs: number; readonly latestMs: number } | null;
  /**
   * When it is expected to be ready, in milliseconds since the epoch; in the past when it is late, null when unknown.
   */
  readyAt: number | null;
  /** The service's latest status: waiting in its queue, or being made; null before the first. */
  said: 'waiting' | 'running' | null;
  /** The progress estimated from the time that has passed, in percent; it never falls. */
  estimate: number;
  /** The next query is due at once, because an earlier process left the task running. */
  askAtOnce: boolean;
  /** The image in memory, which counts towards the memory budget. */
  image: Inspected | null;
  /** The thumbnail, until it is on disk. Unlike the image, it doesn't count towards the memory budget. */
  thumbnail: Buffer | null;
  /** A spill to disk in progress. Never rejects. */
  spilling: Promise<void> | null;
  /** The image as it is uploaded. */
  file: ReplyFile | null;
  /** How the image was changed to fit the upload limit. */
  change: SizeChange | null;
  /** The reply shows the image already, while it waits for other tasks. */
  isShown: boolean;
  /** The id of its attachment in the reply; null when Discord's answer didn't name it. */
  attachmentId: string | null;
  /** The current failure that is being retried. */
  trouble: TaskTrouble | null;
}

/**
 * `unreachable`, `key-refused` and `confused`: a query fails; `download`: the finished image can't be fetched;
 * `storage`: the disk can't be written.
 */
export type TaskTrouble = 'unreachable' | 'key-refused' | 'confused' | 'download' | 'storage';

/**
 * `final`: the view is the last word, and is sent with the images. `bare`: the same without anything that a person or the
 * service wrote, since Discord may refuse that. `moved`: the last word is elsewhere. `restarting` and `broken`: the job is interrupted,
 * because the process stops or because the bot itself failed.
 */
export type Stage = 'working' | 'final' | 'bare' | 'moved' | 'restarting' | 'broken';

/** The part of a job that views are rendered from. */
export interface JobState {
  readonly generation: Generation;
  readonly references: number;
  readonly tasks: readonly Pick<
    LiveTask,
    'row' | 'progress' | 'readyAt' | 'said' | 'estimate' | 'change' | 'trouble'
  >[];
  /** The person has cancelled, but some tasks aren't over yet. */
  readonly cancelling: boolean;
  readonly place: Place | null;
  readonly stage: Stage;
}

/** Sends the deferred reply; rejects unless Discord is known to have accepted it. */
export type Defer = () => Promise<void>;

/** This process' right to serve the generation. */
export interface Lease {
  /** Another process may serve the generation by now. */
  readonly isLost: boolean;
  /** Throws a LeaseLostError where another process may serve it by now. */
  require(): void;
  /** Ends all work on it. */
  lose(error: LeaseLostError): void;
}

/** What a job needs besides its rows. */
export interface JobContext {
  readonly ledger: TaskLedger;
  readonly log: Logger;
  readonly lease: Lease;
  /** Aborted when the process is about to stop, or with a LeaseLostError. */
  readonly stopping: AbortSignal;
  /** Aborted then, and when the person cancels. */
  readonly halt: AbortSignal;
  readonly isCancelled: boolean;
  /** Null when an earlier process began the generation. */
  readonly defer: Defer | null;
}

/**
 * A generation while it is being served: holds its rows, applies transitions to them, and announces changes. Everything
 * that must survive the process is in the rows. A class, because thousands wait at the same time and share its methods.
 */
export class Job {
  generation: Generation;
  readonly references: readonly ReferenceImage[];
  readonly tasks: readonly LiveTask[];
  /** The person has cancelled. */
  isCancelled: boolean;
  /** Its place in line; null when it isn't waiting. */
  place: Place | null = null;
  /** It began to probe the account. Tasks that the service still refuses go back in line. */
  isProbe = false;
  /** Whether images are shown before all of them are ready. */
  showsEarly: boolean;
  /** An earlier process began it. */
  readonly resumed: boolean;
  /** Null once called, to free the interaction that it holds. */
  defer: Defer | null;
  readonly stopping: AbortSignal;
  readonly halt: AbortSignal;
  private listener: (() => void) | null = null;
  readonly lease: Lease;
  private readonly ledger: TaskLedger;
  private readonly parentLog: Logger;

  constructor({ generation, references, tasks }: StoredGeneration, context: JobContext) {
    this.generation = generation;
    this.references = references;
    this.resumed = context.defer === null;
    this.defer = context.defer;
    this.tasks = tasks.map((row) => liveTask(row, this.resumed));
    this.isCancelled = context.isCancelled;
    this.showsEarly = tasks.length > 1;
    this.stopping = context.stopping;
    this.halt = context.halt;
    this.lease = context.lease;
    this.ledger = context.ledger;
    this.parentLog = context.log;
  }

  /** Created at each use, because most jobs log nothing most of the time. */
  get log(): Logger {
    // The interaction's id is in the log from the click on, and stays the same after a restart.
    const { id, interactionId } = this.generation;
    const bindings = { interaction: interactionId, generation: id, reference: referenceNumber(id) };
    return this.parentLog.child(bindings);
  }

  /** Sets the one listener that each change is announced to; null for none. */
  onChange(listener: (() => void) | null): void {
    this.listener = listener;
  }

  changed(): void {
    this.listener?.();
  }

  setTrouble(task: LiveTask, trouble: TaskTrouble | null): void {
    if (task.trouble === trouble) return;
    task.trouble = trouble;
    this.changed();
  }

  /**
   * Records what has already happened to a task. When the ledger can't be written (a full disk), the work goes on from
   * memory, because paid images must still arrive; the next write that works catches up. Throws a LeaseLostError where
   * another process may write instead.
   */
  async apply(task: LiveTask, transition: Transition): Promise<void> {
    if (!transition.from.includes(task.row.state))
      throw new Error(`a task that is ${task.row.state} cannot take this transition`);
    task.row = transition.to(task.row);
    await this.catchUp(task);
    this.changed();
  }

  /** Records what must be on disk before it happens. Throws when it can't be written. */
  async applyOnDisk(task: LiveTask, transition: Transition): Promise<void> {
    await this.write(task, transition.to(task.row));
    this.changed();
  }

  /** Writes the task's row as it is in memory. Rejects with a LeaseLostError, and with nothing else. */
  async catchUp(task: LiveTask): Promise<void> {
    try {
      await this.write(task, task.row);
    } catch (err) {
      this.lease.require();
      const { id: taskId, state, serviceTaskId } = task.row;
      this.log.error(
        { err, taskId, state, serviceTaskId },
        'the ledger could not be written; going on from memory',
      );
    }
  }

  /** Changes the generation's row. If it can't be written, logs the consequence, and the work goes on from memory as above. */
  async note(changes: Partial<Generation>, written: Promise<unknown>, consequence: string): Promise<void> {
    this.generation = { ...this.generation, ...changes };
    try {
      await this.held(written);
    } catch (err) {
      this.lease.require();
      this.log.error({ err }, `the ledger could not be written; ${consequence}`);
    }
  }

  /** Waits for a write about the generation. If that finds the lease lost, all work on it ends. */
  async held<T>(written: Promise<T>): Promise<T> {
    try {
      return await written;
    } catch (error) {
      if (error instanceof LeaseLostError) this.lease.lose(error);
      throw error;
    }
  }

  private async write(task: LiveTask, row: Task): Promise<void> {
    if (!(await this.held(this.ledger.save(task.onDisk, row))))
      throw new Error(`task ${row.id} is not ${task.onDisk} in the ledger`);
    task.row = row;
    task.onDisk = row.state;
  }
}

function liveTask(row: Task, resumed: boolean): LiveTask {
  return {
    row,
    onDisk: row.state,
    progress: null,
    foretold: null,
    readyAt: null,
    said: null,
    estimate: 0,
    askAtOnce: resumed && row.state === 'running',
    image: null,
    thumbnail: null,
    spilling: null,
    file: null,
    change: null,
    isShown: false,
    attachmentId: null,
    trouble: null,
  };
}

export function stateOf(job: Job, stage: Stage = 'working'): JobState {
  const { generation, references, tasks, isCancelled, place } = job;
  return {
    generation,
    references: countReferences(references),
    tasks,
    cancelling: isCancelled,
    place,
    stage,
  };
}
