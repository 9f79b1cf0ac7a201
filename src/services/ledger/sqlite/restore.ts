import { existsSync, realpathSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../error.ts';
import { sentSince } from '../sent-since.ts';
import { COPY_NAME, checkDatabase, copyDatabase, copyFiles } from './copy.ts';
import { filesBeside } from './files-beside.ts';
import { lockLedger } from './open.ts';
import { replacedName } from './replaced.ts';

/** The parts of the ledger at a path, as suffixes of its name. */
const PARTS = ['', '-wal', '-shm', '-files'];

/**
 * Replaces the ledger by the backup in the folder `from`, and moves the old one aside. Returns the folder with the old
 * ledger, or null if there was none. Throws a {@link LedgerError}, and changes nothing, when a bot uses the ledger or
 * the backup can't be used.
 */
export async function restore(options: { path: string; from: string; now: Date }): Promise<string | null> {
  const { from, now } = options;
  const path = existsSync(options.path) ? realpathSync(options.path) : options.path;
  const backup = join(from, COPY_NAME);
  if (!existsSync(backup)) {
    throw new LedgerError(`${from} is not a backup: it has no ${COPY_NAME}. Name the folder of one backup.`);
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const lock = lockLedger(path);
    // On the ledger's own disk, so that a rename can put it in place.
    const fresh = `${path}.restoring`;
    try {
      await prepare(backup, fresh);
      const aside = replacedName(path, now);
      const isReplaced = await moveAll(path, aside, COPY_NAME);
      await moveAll(join(fresh, COPY_NAME), dirname(path), basename(path));
      return isReplaced ? aside : null;
    } finally {
      await rm(fresh, { recursive: true, force: true });
      lock.close();
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new LedgerError(`The backup in ${from} could not be restored (${why}).`, { cause: error });
  }
}

/** Checks the backup, and prepares the new ledger in a folder. */
async function prepare(backup: string, fresh: string): Promise<void> {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  const copy = join(fresh, COPY_NAME);
  await copyDatabase(backup, copy);
  checkDatabase(copy);
  await copyFiles(filesBeside(backup), filesBeside(copy));
  const db = new DatabaseSync(copy);
  db.exec(sentSince('unixepoch() * 1000'));
  db.close();
}

/** Moves each part of the ledger at `path` into a folder, under another name. Returns whether there was any. */
async function moveAll(path: string, folder: string, name: string): Promise<boolean> {
  const parts = PARTS.filter((ending) => existsSync(path + ending));
  if (parts.length === 0) return false;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const ending of parts) await rename(path + ending, join(folder, name) + ending);
  return true;
}
