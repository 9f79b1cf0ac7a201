import { FetchError, type Fetcher } from '../images/fetch.ts';
import type { FileStore } from '../images/file-store.ts';
import { NotAnImageError } from '../images/inspect.ts';
import type { MemoryBudget } from '../images/memory-budget.ts';
import { type Inspected, showable } from '../images/mend.ts';
import { readKept } from '../images/read-kept.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import { transitions } from '../ledger/transitions.ts';
import { imageAddress } from './image-address.ts';
import type { Job, LiveTask } from './job.ts';

export interface ImageDeps {
  /** For the images that are in memory, of all jobs together. */
  readonly memory: MemoryBudget<LiveTask>;
  readonly files: FileStore;
  readonly fetcher: Pick<Fetcher, 'result'>;
  readonly service: Pick<JimmyAi, 'queryImage'>;
}

/**
 * A job's finished images: in memory within the budget, spilled to disk where they must outlive it, and fetched from the
 * service again where neither has them.
 */
export class JobImages {
  private readonly job: Job;
  private readonly deps: ImageDeps;

  constructor(job: Job, deps: ImageDeps) {
    this.job = job;
    this.deps = deps;
  }

  /** Brings one image into memory, from its file or from the service. Throws FetchError and NotAnImageError. */
  async load(task: LiveTask, read = () => this.read(task)): Promise<void> {
    task.image = await this.withinBudget(task, read);
  }

  /** Brings one image to disk for later; into memory, until somebody needs its place, where the disk can't be written. */
  async store(task: LiveTask): Promise<void> {
    const image = await this.withinBudget(task, () => this.read(task));
    const file = await this.save(task, image);
    if (file === null) {
      task.image = image;
      this.putAside([task]);
      // Nothing saves it better than to be shown.
      this.job.changed();
      return;
    }
    // Before the row says where it is: an edit may take a place for it at once.
    this.deps.memory.leave(task);
    await this.job.apply(task, transitions.keepImage(file));
  }

  /**
   * Brings these tasks' images into memory together, as one message needs them. What the job holds of them before is put
   * aside first: two jobs that wait for more while they insist on some would wait for each other. One try: returns the
   * tasks whose images could not be had now, and has none of the others in that case.
   */
  async loadAll(tasks: readonly LiveTask[], signal: AbortSignal): Promise<LiveTask[]> {
    const { job, deps } = this;
    if (tasks.some(isAway)) {
      await this.spilled();
      this.putAside();
    }
    await deps.memory.enter(tasks, signal, job.generation.userId);
    const away = tasks.filter(isAway);
    const loaded = await Promise.allSettled(away.map((task) => this.loadOnce(task)));
    const missing = away.filter(isAway);
    if (missing.length > 0) this.putAside(tasks);
    for (const result of loaded) if (result.status === 'rejected') throw result.reason;
    return missing;
  }

  /** Writes the image to disk, until it is there or can't be written. Never rejects. */
  async spill(task: LiveTask): Promise<void> {
    if (task.image) {
      task.spilling ??= this.writeToDisk(task, task.image).finally(() => {
        task.spilling = null;
      });
    }
    await task.spilling;
  }

  /** Spills in the background what is in memory alone, since it takes longer to arrive. What fails is tried at the next call. */
  spillAll(): void {
    for (const task of this.job.tasks) if (task.row.state === 'completed') void this.spill(task);
  }

  /** Resolves once nothing is being spilled any more. */
  async spilled(): Promise<void> {
    await Promise.all(this.job.tasks.map(({ spilling }) => spilling));
  }

  /** Whether each image that is in memory can be had again without the service, whose address dies. */
  areAllOnDisk(): boolean {
    return this.job.tasks.every(({ image, row }) => image === null || row.imageFile !== null);
  }

  /**
   * Frees memory while something else is waited for. What the disk did not take, and the reply has not got, stays for as
   * long as nobody needs its place: the service's address may be dead by then.
   */
  putAside(tasks: readonly LiveTask[] = this.job.tasks): void {
    this.release(tasks.filter(isElsewhere));
    for (const task of tasks.filter(({ image }) => image !== null)) {
      this.deps.memory.giveWay(task, () => {
        this.job.log.warn(
          { taskId: task.row.id },
          'an image that is not on disk gives way; it is fetched again',
        );
        forget(task);
      });
    }
  }

  /** Frees memory. What is needed again is read from disk, or fetched. */
  release(tasks: readonly LiveTask[] = this.job.tasks): void {
    for (const task of tasks) {
      if (!task.image) continue;
      forget(task);
      this.deps.memory.leave(task);
    }
  }

  /** A file that can't be used is forgotten: the image is then fetched, and kept, as if there had never been one. */
  private async read(task: LiveTask): Promise<Inspected> {
    const { job, deps } = this;
    const { imageFile } = task.row;
    const { log, generation } = job;
    const kept = imageFile && (await readKept(imageFile, deps.files, { person: generation.userId, log }));
    if (kept) return kept;
    task.row = { ...task.row, imageFile: null };
    return showable(await this.fetch(task), generation.userId);
  }

  /** The bytes at the service, as they come. */
  async fetch(task: LiveTask): Promise<Buffer> {
    const { job, deps } = this;
    return deps.fetcher.result(await imageAddress(task, job, deps.service), { signal: job.stopping });
  }

  /** Throws what is not about the image. */
  private async loadOnce(task: LiveTask): Promise<void> {
    try {
      await this.load(task);
    } catch (err) {
      if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
      this.job.log.warn({ err, taskId: task.row.id }, 'the image could not be had once more');
    }
  }

  private async withinBudget(task: LiveTask, read: () => Promise<Inspected>): Promise<Inspected> {
    const { job, deps } = this;
    await deps.memory.enter([task], job.stopping, job.generation.userId);
    try {
      return await read();
    } catch (error) {
      deps.memory.leave(task);
      throw error;
    }
  }

  private async writeToDisk(task: LiveTask, image: Inspected): Promise<void> {
    const file = await this.save(task, image);
    if (file !== null && file !== task.row.imageFile) await this.job.apply(task, transitions.keepImage(file));
  }

  /** The file's name, or null where the disk can't be written. */
  private async save({ row }: LiveTask, { bytes, info }: Inspected): Promise<string | null> {
    const file = `${row.id}.${info.extension}`;
    if (row.imageFile === file) return file;
    try {
      await this.deps.files.save(file, bytes);
      return file;
    } catch (err) {
      this.job.log.error({ err, taskId: row.id }, 'the image could not be kept on disk; it stays in memory');
      return null;
    }
  }
}

function isAway({ image }: LiveTask): boolean {
  return image === null;
}

/** Whether the image can be had without the service, or need not be had any more. */
function isElsewhere({ row, attachmentId }: LiveTask): boolean {
  return row.imageFile !== null || attachmentId !== null || row.state !== 'completed';
}

function forget(task: LiveTask): void {
  task.image = null;
  task.file = null;
}
