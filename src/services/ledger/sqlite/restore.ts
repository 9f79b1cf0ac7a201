import { existsSync, realpathSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../error.ts';
import { COPY_NAME, checkDatabase, copyDatabase, copyFiles } from './copy.ts';
import { filesBeside } from './files-beside.ts';
import { lockLedger } from './open.ts';
import { replacedName } from './replaced.ts';

/**
 * What waited to be sent when the backup was made may have been sent since. It counts as under way, so that the bot
 * says that nobody knows instead of paying for it again.
 */
const SENT_SINCE = `
  UPDATE generations SET acknowledged_at = coalesce(acknowledged_at, created_at)
    WHERE settled_at IS NULL AND id IN (SELECT generation_id FROM tasks WHERE state = 'reserved');
  UPDATE tasks SET state = 'submitting', submitted_at = unixepoch() * 1000 WHERE state = 'reserved';
`;

/** What the ledger at a path consists of, as endings of its name. */
const PARTS = ['', '-wal', '-shm', '-files'];

/**
 * Puts the backup in the folder `from` in the place of the ledger, which is moved aside. Returns the folder where that is
 * now, or null where there was none. Throws a {@link LedgerError}, with everything as it was, where a bot uses the ledger
 * or the backup can't be used.
 */
export async function restore(options: { path: string; from: string; now: Date }): Promise<string | null> {
  const { from, now } = options;
  const path = existsSync(options.path) ? realpathSync(options.path) : options.path;
  const backup = join(from, COPY_NAME);
  if (!existsSync(backup)) {
    throw new LedgerError(`${from} is no backup: it has no ${COPY_NAME}. Name the folder of one backup.`);
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const lock = lockLedger(path);
    // On the ledger's own disk, so that one rename puts it in place.
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

/** Checks the backup, and lays it out in a folder as it is to be. */
async function prepare(backup: string, fresh: string): Promise<void> {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  const copy = join(fresh, COPY_NAME);
  await copyDatabase(backup, copy);
  checkDatabase(copy);
  await copyFiles(filesBeside(backup), filesBeside(copy));
  const db = new DatabaseSync(copy);
  db.exec(SENT_SINCE);
  db.close();
}

/** Moves each part of the ledger at `path` into a folder, under another name. Tells whether there was any. */
async function moveAll(path: string, folder: string, name: string): Promise<boolean> {
  const parts = PARTS.filter((ending) => existsSync(path + ending));
  if (parts.length === 0) return false;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const ending of parts) await rename(path + ending, join(folder, name) + ending);
  return true;
}
