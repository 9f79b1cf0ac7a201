import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../error.ts';
import { requireKnownSchema } from './migrations.ts';
import { BUSY_TIMEOUT_MS } from './open.ts';

/** The name of a ledger's copy in its folder. The kept files are next to it, as with the original. */
export const COPY_NAME = 'imagine.sqlite';

/**
 * Copies all pages in one step, and so in one read transaction. Between steps, writes of other processes could make the
 * backup restart (nodejs.org/api/sqlite.html, backup).
 */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies a consistent state of the database into a single file, even while another process writes to it. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  await chmod(to, 0o600);
  const copy = new DatabaseSync(to);
  // Otherwise every reader would leave two more files.
  copy.exec('PRAGMA journal_mode = DELETE');
  copy.close();
}

/** Throws a {@link LedgerError} when SQLite finds it damaged, or when a newer bot wrote it. */
export function checkDatabase(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    requireKnownSchema(db);
    const [first] = db.prepare('PRAGMA integrity_check (1)').all();
    const found = String(first?.integrity_check);
    if (found !== 'ok') throw new LedgerError(`The ledger at ${path} is damaged (${found}).`);
  } finally {
    db.close();
  }
}

/**
 * Copies the files that aren't there yet. A file that disappears meanwhile isn't needed any more. A file's content
 * never changes, so earlier copies stay valid.
 */
export async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const there = new Set(await readdir(to));
  const wanted = (await readdir(from).catch(absent([]))).filter((name) => !name.endsWith('.part'));
  for (const name of wanted.filter((name) => !there.has(name))) {
    const copied = join(to, name);
    await copyFile(join(from, name), copied)
      .then(() => chmod(copied, 0o600))
      .catch(absent(undefined));
  }
}

/** For `catch`: replaces a missing file by this value. */
export function absent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
