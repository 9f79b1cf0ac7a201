import type { ImageService } from '../image-service/service.ts';
import { FetchError, type Fetcher } from '../images/fetch.ts';
import type { FileStore } from '../images/file-store.ts';
import { NotAnImageError } from '../images/inspect.ts';
import type { MemoryBudget } from '../images/memory-budget.ts';
import { type Inspected, showable } from '../images/mend.ts';
import { readKept } from '../images/read-kept.ts';
import { readSignature } from '../images/signature.ts';
import { LeaseLostError } from '../ledger/leases.ts';
import { KEPT_IMAGE } from '../ledger/rows.ts';
import { transitions } from '../ledger/transitions.ts';
import { imageAddress } from './image-address.ts';
import type { Job, LiveTask } from './job.ts';

export interface ImageDeps {
  /** Shared by the images of all jobs. */
  readonly memory: MemoryBudget<LiveTask>;
  readonly files: FileStore;
  readonly fetcher: Pick<Fetcher, 'result'>;
  readonly service: Pick<ImageService, 'queryImage'>;
}

/**
 * A job's finished images: in memory within the budget, spilled to disk when they must outlive it, and fetched from the
 * service again when neither has them.
 */
export class JobImages {
  private readonly job: Job;
  private readonly deps: ImageDeps;

  constructor(job: Job, deps: ImageDeps) {
    this.job = job;
    this.deps = deps;
  }

  /** Loads one image into memory, from its file or from the service. Throws FetchError and NotAnImageError. */
  async load(task: LiveTask, read = () => this.read(task)): Promise<void> {
    task.image = await this.withinBudget(task, read);
  }

  /**
   * Keeps an unchecked image that came with the service's answer: in a file, whose name it returns, or in memory if the
   * file can't be written.
   */
  async keepAnswer(task: LiveTask, bytes: Buffer): Promise<string | null> {
    const signature = readSignature(bytes);
    const format = signature && 'format' in signature ? signature.format : 'bin';
    const file = await this.write(`${task.row.id}.${format === 'jpeg' ? 'jpg' : format}`, task, bytes);
    if (file !== null) return file;
    const read = () => showable(bytes, this.job.generation.userId);
    try {
      task.image = await this.withinBudget(task, read);
    } catch (err) {
      if (!(err instanceof NotAnImageError)) throw err;
      this.job.log.error({ err, taskId: task.row.id }, 'the answer holds no image that can be shown');
    }
    return null;
  }

  /**
   * Takes the file of an answer without a usable image out of the row in memory, and returns its name; null if there is
   * none. An image with an address keeps its file, because it can be fetched again.
   */
  letGoOfAnswer(task: LiveTask): string | null {
    const { imageFile, imageUrl } = task.row;
    if (imageUrl !== KEPT_IMAGE) return null;
    task.row = { ...task.row, imageFile: null };
    return imageFile;
  }

  /** Deletes such a file, once no row names it. */
  async removeAnswer(file: string): Promise<void> {
    try {
      await this.deps.files.remove(file);
    } catch (err) {
      this.job.log.warn({ err, file }, 'a useless answer could not be deleted; the next start deletes it');
    }
  }

  /** Stores one image on disk. If that fails, it stays in memory until another image needs its place. */
  async store(task: LiveTask): Promise<void> {
    const image = await this.withinBudget(task, () => this.read(task));
    const file = await this.save(task, image);
    if (file === null) {
      task.image = image;
      this.putAside([task]);
      // Showing it saves it.
      this.job.changed();
      return;
    }
    // Leaves before the row names the file, because an edit may load it again at once.
    this.deps.memory.leave(task);
    await this.job.apply(task, transitions.keepImage(file));
  }

  /**
   * Loads these tasks' images into memory together, as one message needs them. The job first puts aside the images that
   * it holds, since two jobs that each held some while waiting for more would deadlock. Tries once: resolves with the
   * tasks whose images could not be loaded, and puts the others aside in that case.
   */
  async loadAll(tasks: readonly LiveTask[], signal: AbortSignal): Promise<LiveTask[]> {
    const { job, deps } = this;
    if (tasks.some(isUnloaded)) {
      await this.spilled();
      this.putAside();
    }
    await deps.memory.enter(tasks, signal, job.generation.userId);
    const unloaded = tasks.filter(isUnloaded);
    const results = await Promise.allSettled(unloaded.map((task) => this.loadOnce(task)));
    const missing = unloaded.filter(isUnloaded);
    if (missing.length > 0) this.putAside(tasks);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return missing;
  }

  /** Writes an image in memory to disk; resolves when it is written or has failed. Never rejects. */
  async spill(task: LiveTask): Promise<void> {
    if (task.image) {
      task.spilling ??= this.writeToDisk(task, task.image).finally(() => {
        task.spilling = null;
      });
    }
    await task.spilling;
  }

  /** Spills the completed images in the background. A spill that fails is tried again at the next call. */
  spillAll(): void {
    for (const task of this.job.tasks) if (task.row.state === 'completed') void this.spill(task);
  }

  /** Resolves when no spill is in progress. */
  async spilled(): Promise<void> {
    await Promise.all(this.job.tasks.map(({ spilling }) => spilling));
  }

  /** Whether every image in memory could be loaded again without the service, whose addresses expire. */
  areAllOnDisk(): boolean {
    return this.job.tasks.every(({ image, row }) => image === null || row.imageFile !== null);
  }

  /**
   * Frees memory while the job waits for something else. An image that is neither on disk nor in the reply stays until
   * another one needs its place, because the service's address may have expired by then.
   */
  putAside(tasks: readonly LiveTask[] = this.job.tasks): void {
    this.release(tasks.filter(isDispensable));
    for (const task of tasks.filter(({ image, row }) => image !== null && row.imageUrl !== KEPT_IMAGE)) {
      this.deps.memory.giveWay(task, () => {
        this.job.log.warn(
          { taskId: task.row.id },
          'an image that is not on disk makes room for another; it will be fetched again',
        );
        forget(task);
      });
    }
  }

  /** Frees memory. An image that is needed again is read from disk, or fetched. */
  release(tasks: readonly LiveTask[] = this.job.tasks): void {
    for (const task of tasks) {
      if (!task.image) continue;
      forget(task);
      this.deps.memory.leave(task);
    }
  }

  private async read(task: LiveTask): Promise<Inspected> {
    const { userId } = this.job.generation;
    const image = (await this.readFile(task)) ?? (await showable(await this.fetch(task), userId));
    task.thumbnail = image.thumbnail ?? null;
    return { bytes: image.bytes, info: image.info };
  }

  /** Ignores a file that can't be used: the image is then fetched and kept as if there had been none. */
  private async readFile(task: LiveTask): Promise<Inspected | null> {
    const { job, deps } = this;
    const { imageFile, imageUrl } = task.row;
    // It can't be fetched from anywhere else, and hasn't been checked yet.
    if (imageUrl === KEPT_IMAGE) return null;
    const from = { person: job.generation.userId, log: job.log };
    const kept = imageFile === null ? null : await readKept(imageFile, deps.files, from);
    if (!kept) task.row = { ...task.row, imageFile: null };
    return kept;
  }

  /** The image's bytes, unchecked: from the service, or from the file in which its answer is kept. */
  async fetch(task: LiveTask): Promise<Buffer> {
    const { job, deps } = this;
    const { imageUrl, imageFile } = task.row;
    if (imageUrl !== KEPT_IMAGE)
      return deps.fetcher.result(await imageAddress(task, job, deps.service), { signal: job.stopping });
    const bytes = imageFile === null ? null : await deps.files.read(imageFile);
    if (bytes === null) throw new FetchError('gone', 'The image is kept nowhere any more', false);
    return bytes;
  }

  /** Throws only errors that aren't about the image. */
  private async loadOnce(task: LiveTask): Promise<void> {
    try {
      await this.load(task);
    } catch (err) {
      if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
      this.job.log.warn({ err, taskId: task.row.id }, 'the image could not be loaded again');
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
    if (file === null || file === task.row.imageFile) return;
    try {
      await this.job.apply(task, transitions.keepImage(file));
    } catch (error) {
      // Whoever lost it has been told, and nobody waits for this.
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }

  /** Resolves with the file's name; null when it can't be written. */
  private async save(task: LiveTask, { bytes, info }: Inspected): Promise<string | null> {
    const file = `${task.row.id}.${info.extension}`;
    return task.row.imageFile === file ? file : await this.write(file, task, bytes);
  }

  private async write(file: string, { row }: LiveTask, bytes: Buffer): Promise<string | null> {
    try {
      await this.deps.files.save(file, bytes);
      return file;
    } catch (err) {
      this.job.log.error({ err, taskId: row.id }, 'the image could not be kept on disk; it stays in memory');
      return null;
    }
  }
}

function isUnloaded({ image }: LiveTask): boolean {
  return image === null;
}

/** Whether the image is kept elsewhere (on disk or in the reply), or is no longer needed. */
function isDispensable({ row, attachmentId }: LiveTask): boolean {
  return row.imageFile !== null || attachmentId !== null || row.state !== 'completed';
}

function forget(task: LiveTask): void {
  task.image = null;
  task.file = null;
}
