import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Image bytes that must outlive the process: references until they are sent, results until they have arrived. */
export interface FileStore {
  /** Writes the bytes under a new name, whole or not at all. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or null where there is no such file. */
  read(name: string): Promise<Buffer<ArrayBuffer> | null>;
  remove(name: string): Promise<void>;
  removeAll(names: readonly string[]): Promise<void>;
}

/** A flat folder, made when the first file comes. Names are the bot's own (ids), never a person's. */
export function createFileStore(folder: string): FileStore {
  const remove = (name: string) => rm(join(folder, name), { force: true });
  return {
    async save(name, bytes) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, name);
      await writeFile(`${path}.part`, bytes, { flush: true });
      await rename(`${path}.part`, path);
    },
    async read(name) {
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    remove,
    removeAll: async (names) => {
      for (const name of names) await remove(name);
    },
  };
}
