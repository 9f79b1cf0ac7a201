import type { ReplyFile } from '../discord/reply-message.ts';
import type { SizeChange } from '../images/fit.ts';
import type { Inspected } from '../images/mend.ts';
import type { StoredGeneration } from '../ledger/generations.ts';
import {
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

/** A task with what only the running process needs to know of it. */
export interface LiveTask {
  row: Task;
  /** The state that the ledger holds: behind `row` where it couldn't be written. */
  onDisk: TaskState;
  /** As the service last said, never falling; null where it says nothing. */
  progress: Progress | null;
  /** How long it takes in all by its first and its latest progress report that said enough. */
  foretold: { readonly firstMs: number; readonly latestMs: number } | null;
  /** When it is expected to be ready, in milliseconds since the epoch; null where nobody can say. */
  readyAt: number | null;
  /** The service has begun: it no longer waits in its queue. */
  begun: boolean;
  /** An earlier process left it running, and nobody has asked about it since. */
  isFound: boolean;
  /** Its bytes in memory, which count towards the memory budget as long as they are here. */
  image: Inspected | null;
  /** Writes the image to disk in the background. Never rejects. */
  spilling: Promise<void> | null;
  /** The image as it goes out. */
  file: ReplyFile | null;
  /** What had to be done to the image to fit the upload limit. */
  change: SizeChange | null;
  /** The reply has the image already, while other tasks are still waited for. */
  isShown: boolean;
  /** Where in the reply that is, if Discord's answer told. */
  attachmentId: string | null;
  /** What can't be done at the moment, and is tried again. */
  trouble: Trouble | null;
}

/**
 * `unreachable`, `key-refused` and `confused` are about asking the service; `download`: the finished image can't be
 * fetched; `storage`: the disk can't be written.
 */
export type Trouble = 'unreachable' | 'key-refused' | 'confused' | 'download' | 'storage';

/**
 * `final`: the view is the last word, and goes out with the images. `restarting` and `broken`: the process can't go
 * on for now, because it stops or because the bot itself failed.
 */
export type Stage = 'working' | 'final' | 'restarting' | 'broken';

/** What a view gets to see of a job. */
export interface JobState {
  readonly generation: Generation;
  readonly references: number;
  readonly tasks: readonly Pick<LiveTask, 'row' | 'progress' | 'readyAt' | 'begun' | 'change' | 'trouble'>[];
  /** The person no longer waits, but what was under way isn't over yet. */
  readonly cancelling: boolean;
  readonly place: Place | null;
  readonly stage: Stage;
}

/** Asks Discord for the deferred reply; rejects where that isn't known to be accepted. */
export type Defer = () => Promise<void>;

/** What a job is found with, besides its rows. */
export interface Circumstances {
  readonly ledger: TaskLedger;
  readonly log: Logger;
  /** Aborted when the process is about to stop: one signal for all jobs. */
  readonly stopping: AbortSignal;
  /** Aborted when that happens, or the person no longer waits. */
  readonly halt: AbortSignal;
  readonly isCancelled: boolean;
  /** Null where an earlier process began it. */
  readonly defer: Defer | null;
}

/**
 * A generation while it is being served: holds its rows, applies transitions to them, and announces what changes.
 * Everything that must survive the process is in the rows. A class, because thousands wait at the same time: what they
 * have in common isn't in each of them.
 */
export class Job {
  generation: Generation;
  readonly references: readonly ReferenceImage[];
  readonly tasks: readonly LiveTask[];
  /** The person no longer waits. */
  isCancelled: boolean;
  /** Where it stands in line; null where it doesn't wait there. */
  place: Place | null = null;
  /** It began while nobody else may: what the service refuses it for that goes back in line. */
  isTry = false;
  /** Discord takes images before all of them are there. */
  showsEarly: boolean;
  /** An earlier process began it. */
  readonly resumed: boolean;
  /** Null once it was called: the whole interaction hangs on it. */
  defer: Defer | null;
  readonly stopping: AbortSignal;
  readonly halt: AbortSignal;
  private listener: (() => void) | null = null;
  private readonly ledger: TaskLedger;
  private readonly parentLog: Logger;

  constructor({ generation, references, tasks }: StoredGeneration, found: Circumstances) {
    this.generation = generation;
    this.references = references;
    this.resumed = found.defer === null;
    this.defer = found.defer;
    this.tasks = tasks.map((row) => liveTask(row, this.resumed));
    this.isCancelled = found.isCancelled;
    this.showsEarly = tasks.length > 1;
    this.stopping = found.stopping;
    this.halt = found.halt;
    this.ledger = found.ledger;
    this.parentLog = found.log;
  }

  /** Made anew at each use: most jobs have nothing to say most of the time. */
  get log(): Logger {
    // The interaction's id is in the log from the click on, and the same after a restart.
    const { id, interactionId } = this.generation;
    const bindings = { interaction: interactionId, generation: id, reference: referenceNumber(id) };
    return this.parentLog.child(bindings);
  }

  /** Announces each change from now on to one listener; null for none. */
  onChange(listener: (() => void) | null): void {
    this.listener = listener;
  }

  changed(): void {
    this.listener?.();
  }

  setTrouble(task: LiveTask, trouble: Trouble | null): void {
    if (task.trouble === trouble) return;
    task.trouble = trouble;
    this.changed();
  }

  /**
   * Records what has already happened to a task. Where the ledger can't be written (a full disk) the work goes on from
   * memory, since what was paid for must still arrive; the next write that works catches up.
   */
  async apply(task: LiveTask, transition: Transition): Promise<void> {
    if (!transition.from.includes(task.row.state))
      throw new Error(`a task that is ${task.row.state} can not take this transition`);
    task.row = transition.to(task.row);
    await this.catchUp(task);
    this.changed();
  }

  /** Records what must be on disk before it is done. Throws where it can't be written. */
  async applyOnDisk(task: LiveTask, transition: Transition): Promise<void> {
    await this.write(task, transition.to(task.row));
    this.changed();
  }

  /** Brings the ledger up to what the process knows of the task. */
  async catchUp(task: LiveTask): Promise<void> {
    try {
      await this.write(task, task.row);
    } catch (err) {
      const { id: taskId, state, serviceTaskId } = task.row;
      this.log.error(
        { err, taskId, state, serviceTaskId },
        'the ledger could not be written; going on from memory',
      );
    }
  }

  /** Changes the generation's row; where the ledger can't be written the work goes on from memory, with this consequence. */
  async note(changes: Partial<Generation>, written: Promise<unknown>, consequence: string): Promise<void> {
    this.generation = { ...this.generation, ...changes };
    try {
      await written;
    } catch (err) {
      this.log.error({ err }, `the ledger could not be written; ${consequence}`);
    }
  }

  private async write(task: LiveTask, row: Task): Promise<void> {
    if (!(await this.ledger.save(task.onDisk, row)))
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
    begun: resumed,
    isFound: resumed && row.state === 'running',
    image: null,
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
  return { generation, references: references.length, tasks, cancelling: isCancelled, place, stage };
}
