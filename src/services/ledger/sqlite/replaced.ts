import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The folder to which a restore moves the ledger at this path. Its name contains the time. */
export function replacedName(path: string, now: Date): string {
  return `${path}.replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
}

/**
 * Removes ledgers that restores moved aside before this time, with their prompts and images. Returns how many it
 * removed.
 */
export async function removeReplaced(path: string, before: number): Promise<number> {
  const folder = dirname(path);
  const names = await readdir(folder);
  const old = names.filter((name) => {
    const at = replacedAt(basename(path), name);
    return at !== null && at < before;
  });
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true });
  return old.length;
}

const TIME = /^\.replaced-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/;

/** When the ledger with this name was moved aside; null for anything else, which must not be removed. */
function replacedAt(ledger: string, name: string): number | null {
  if (!name.startsWith(ledger)) return null;
  const [, day, hours, minutes, seconds, ms] = TIME.exec(name.slice(ledger.length)) ?? [];
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
  return Number.isNaN(at) ? null : at;
}
