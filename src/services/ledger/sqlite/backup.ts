import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from '../error.ts';
import { absent, COPY_NAME, checkDatabase, copyDatabase, copyFiles } from './copy.ts';
import { filesBeside } from './files-beside.ts';

const FINISHED = /^imagine-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
const UNFINISHED = /^imagine-.+Z\.part$/;

/** The ledger to back up, the folder for backups, and how many to keep there. */
export interface BackupOptions {
  readonly path: string;
  readonly into: string;
  readonly keep: number;
  readonly now: Date;
}

/**
 * Copies the ledger and the kept files beside it to a new folder in `into` while the bot runs, checks the copy, then
 * removes all but the newest backups. Returns the folder. Throws a {@link LedgerError} with words for the operator.
 */
export async function backUp({ path, into, keep, now }: BackupOptions): Promise<string> {
  if (!existsSync(path)) throw new LedgerError(`There is no ledger at ${path}. Check DATABASE_PATH.`);
  const folder = join(into, `imagine-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  const unfinished = `${folder}.part`;
  try {
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await copyAll(path, join(unfinished, COPY_NAME));
    await rename(unfinished, folder);
    await removeOld(into, keep);
    return folder;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (error instanceof LedgerError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new LedgerError(`The backup of ${path} to ${into} failed (${why}). The older ones are untouched.`, {
      cause: error,
    });
  }
}

/** Whether a backup of this day (UTC) is in the folder. */
export async function hasBackupOf(day: Date, into: string): Promise<boolean> {
  const names = await readdir(into).catch(absent<string[]>([]));
  const beginning = `imagine-${day.toISOString().slice(0, 10)}T`;
  return names.some((name) => FINISHED.test(name) && name.startsWith(beginning));
}

/**
 * The bot writes a file before the row that names it, and removes it after the row. So files are copied before the
 * rows, and again after them. This only misses a file that came and went in between, which is a result that has been
 * delivered.
 */
async function copyAll(path: string, copy: string): Promise<void> {
  await copyFiles(filesBeside(path), filesBeside(copy));
  await copyDatabase(path, copy);
  await copyFiles(filesBeside(path), filesBeside(copy));
  checkDatabase(copy);
}

/** Also removes unfinished backups. */
async function removeOld(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).sort();
  const finished = names.filter((name) => FINISHED.test(name));
  const removed = [...finished.slice(0, -keep), ...names.filter((name) => UNFINISHED.test(name))];
  for (const name of removed) await rm(join(folder, name), { recursive: true });
}
