import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The file that the bot's settings are read from. */
export interface EnvFile {
  readonly path: string;
  /** Its text; null where there is none yet. */
  read(): string | null;
  /** Replaces it whole or not at all, readable by its owner alone. */
  write(text: string): void;
}

/** Works in one go: no signal that is handled can come between the parts of a write. */
export function envFileAt(path: string): EnvFile {
  return {
    path,
    read: () => orNull(() => readFileSync(path, 'utf8')),
    write(text) {
      // A link stays one: what it leads to is replaced.
      const target = orNull(() => realpathSync(path)) ?? path;
      const unfinished = `${target}.part`;
      try {
        // Left by a process that was killed right here; a new file has the mode that it is opened with.
        rmSync(unfinished, { force: true });
        writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
        renameSync(unfinished, target);
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
      }
    },
  };
}

function orNull(find: () => string): string | null {
  try {
    return find();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
