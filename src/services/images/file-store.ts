import { mkdir, opendir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Image bytes that outlive the process: references while a button may use them, results until Discord has them. */
export interface FileStore {
  /** Writes the bytes under a new name, whole or not at all. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or null when there is no such file. */
  read(name: string): Promise<Buffer<ArrayBuffer> | null>;
  remove(name: string): Promise<void>;
  /** Removes as many as it can, and throws if any is left. The next start removes files that no row names. */
  removeAll(names: readonly string[]): Promise<void>;
  /** Removes files that nothing names any more, half-written ones included. Returns how many it removed. */
  removeUnused(): Promise<number>;
}

/** One turn of the event loop has time for this many. */
const NAMES_PER_TURN = 200;

/**
 * A flat folder, created with its first file. The bot makes all file names from ids; none comes from a person. `isUsed`
 * tells whether a row names a file.
 */
export function createFileStore(folder: string, isUsed: (name: string) => Promise<boolean>): FileStore {
  const remove = (name: string) => rm(join(folder, name), { force: true });
  return {
    async save(name, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, name);
      await writeFile(`${path}.part`, bytes, { flush: true, mode: 0o600 });
      await rename(`${path}.part`, path);
    },
    async read(name) {
      const [bytes = null] = await readFile(join(folder, name)).then((found) => [found], noneIfAbsent);
      return bytes;
    },
    remove,
    async removeUnused() {
      let strays = 0;
      // Thumbnails add up to hundreds of thousands of names, so they are read a few at a time.
      const there = await opendir(folder, { bufferSize: NAMES_PER_TURN }).catch(noneIfAbsent);
      for await (const { name } of there) {
        if (await isUsed(name)) continue;
        await remove(name);
        strays += 1;
      }
      return strays;
    },
    async removeAll(names) {
      const failures: unknown[] = [];
      for (let from = 0; from < names.length; from += NAMES_PER_TURN) {
        const some = names.slice(from, from + NAMES_PER_TURN);
        const results = await Promise.allSettled(some.map(remove));
        failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

function noneIfAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
