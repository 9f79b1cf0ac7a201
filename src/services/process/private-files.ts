import { chmodSync, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesBeside } from '../ledger/sqlite/files-beside.ts';
import type { Logger } from '../log.ts';

/** The permissions of everybody but the owner. */
const OTHERS = 0o077;
const READ_BY_GROUP = 0o040;
const READ_BY_ALL = 0o004;
/** The most files that a log line names. */
const NAMED_MAX = 5;

/** Makes every file that the process writes from now on private to its user, even in a folder that is open to all. */
export function writeForOwnerOnly(): void {
  process.umask(OTHERS);
}

/**
 * Takes other users' permissions from the ledger's files, which hold prompts and interaction tokens: an earlier version,
 * or a copy by hand, may have left them open. Logs a warning if that fails. Does nothing on Windows, which has no modes.
 */
export function closeToOthers(
  ledgerPath: string,
  log: Pick<Logger, 'warn'>,
  user: number | undefined = process.getuid?.(),
): void {
  if (user === undefined) return;
  try {
    const open = ledgerFiles(ledgerPath).filter((path) => existsSync(path) && isOpen(path));
    const left = open.map((path) => close(path, user)).filter((problem) => problem !== null);
    if (left.length === 0) return;
    log.warn(
      { files: left.slice(0, NAMED_MAX) },
      `other users of this machine can read ${left.length} of the ledger's files, and the bot can't change that: let its user own them, with mode 600`,
    );
  } catch (err) {
    log.warn({ err }, "the permissions of the ledger's files could not be checked");
  }
}

/** Logs a warning if other users of the machine can read this file, which holds the token and the key. */
export function warnOfOpenSecrets(path: string, log: Pick<Logger, 'warn'>): void {
  if (!process.getuid || !existsSync(path)) return;
  const { mode, uid } = statSync(path);
  // A file of another owner that the group can read is a common way to hand a secret to a service.
  const readable = uid === process.getuid() ? READ_BY_ALL | READ_BY_GROUP : READ_BY_ALL;
  if (mode & readable) {
    log.warn(
      { path },
      `other users of this machine can read ${path}, and the secrets in it: chmod 600 ${path}`,
    );
  }
}

/** The ledger's files under the given name, and under the real one if that is a link. */
function ledgerFiles(given: string): string[] {
  const names = new Set([given, existsSync(given) ? realpathSync(given) : given]);
  return [...names].flatMap((name) => {
    const folder = filesBeside(name);
    const kept = existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
    return [name, `${name}-wal`, `${name}-shm`, `${name}.lock`, folder, ...kept];
  });
}

function isOpen(path: string): boolean {
  return (statSync(path).mode & OTHERS) !== 0;
}

/** Returns null once the file is closed, otherwise the file and the reason. */
function close(path: string, user: number): { path: string; why: string } | null {
  const { mode, uid } = statSync(path);
  if (uid !== user) return { path, why: `user ${uid} owns it` };
  try {
    chmodSync(path, mode & 0o7700);
    // Some file systems accept every mode, and keep none.
    return isOpen(path) ? { path, why: 'the file system keeps no modes' } : null;
  } catch (error) {
    return { path, why: error instanceof Error ? error.message : String(error) };
  }
}
