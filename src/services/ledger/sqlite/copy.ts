import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../error.ts';
import { requireKnownSchema } from './migrations.ts';
import { BUSY_TIMEOUT_MS } from './open.ts';

/** What the copy of a ledger is called in its folder; the kept files lie beside it, as they do beside the original. */
export const COPY_NAME = 'imagine.sqlite';

/**
 * Everything in one step and so in one read transaction: between steps, what other processes write may make it begin
 * anew (nodejs.org/api/sqlite.html, backup).
 */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies the database as it is at one moment, though another process writes to it, into a single file. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  await chmod(to, 0o600);
  const copy = new DatabaseSync(to);
  // Otherwise every look at it would leave two more files.
  copy.exec('PRAGMA journal_mode = DELETE');
  copy.close();
}

/** Throws a {@link LedgerError} where SQLite finds it damaged or a newer bot wrote it. */
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
 * Copies the files that aren't there yet; what goes meanwhile isn't needed any more. Their content never changes under a
 * name, so what was copied before holds.
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

/** For `catch`: what isn't there reads as this. */
export function absent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
