import { chmodSync, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesBeside } from '../ledger/files-beside.ts';
import type { Logger } from '../log.ts';

/** Everybody's rights but the owner's. */
const OTHERS = 0o077;
const READ_BY_GROUP = 0o040;
const READ_BY_ALL = 0o004;
/** So many files a line of the log names at most. */
const NAMED = 5;

/** From here on nobody but this user reads what the process writes. The folder it writes to may be open to all. */
export function writeForOwnerOnly(): void {
  process.umask(OTHERS);
}

/**
 * Takes the rights of others from what an earlier version, or a copy by hand, left open: prompts and interaction tokens
 * are in it. Logs a warning where that can't be done. Windows has no such modes.
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
      { files: left.slice(0, NAMED) },
      `other users of this machine can read ${left.length} of the ledger's files, and the bot can't change that: let its user own them, with mode 600`,
    );
  } catch (err) {
    log.warn(
      { err },
      "whether other users of this machine can read the ledger's files could not be found out",
    );
  }
}

/** Logs a warning where other users of the machine can read this file, which holds the token and the key. */
export function warnOfOpenSecrets(path: string, log: Pick<Logger, 'warn'>): void {
  if (!process.getuid || !existsSync(path)) return;
  const { mode, uid } = statSync(path);
  // A group that only reads what root owns is how some hand a secret to a service.
  const readable = uid === process.getuid() ? READ_BY_ALL | READ_BY_GROUP : READ_BY_ALL;
  if (mode & readable) {
    log.warn(
      { path },
      `other users of this machine can read ${path}, and the secrets in it: chmod 600 ${path}`,
    );
  }
}

/** Under the name that was given, and under its own where that is a link. */
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

/** Null where it is closed now, otherwise the file with the reason. */
function close(path: string, user: number): { path: string; why: string } | null {
  const { mode, uid } = statSync(path);
  if (uid !== user) return { path, why: `user ${uid} owns it` };
  try {
    chmodSync(path, mode & 0o7700);
    // Some file systems take every mode, and keep none.
    return isOpen(path) ? { path, why: 'the file system keeps no modes' } : null;
  } catch (error) {
    return { path, why: error instanceof Error ? error.message : String(error) };
  }
}
