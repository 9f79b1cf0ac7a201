import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readEnvText } from '../process/env-file.ts';

/** The file that the bot's settings are read from. */
export interface EnvFile {
  readonly path: string;
  /** Its text, as the start reads it; null if there is none yet. Throws ConfigError if the start would refuse it. */
  read(): string | null;
  /** Replaces it completely or not at all, readable by its owner only. */
  write(text: string): void;
}

/** Synchronous, so that no handled signal can interrupt a write. */
export function envFileAt(path: string): EnvFile {
  return {
    path,
    read: () => readEnvText(path),
    write(text) {
      // A link stays a link; its target is replaced.
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
