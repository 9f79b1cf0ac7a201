import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NEEDED_FILES, STATE, type Store, unmatched } from './store.ts';

/** A file and a folder, for one process. The witness reads while the bot runs, as a backup does. */
export function createSqliteStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'imagine-crash-'));
  const path = join(folder, 'imagine.sqlite');
  const rows = (sql: string, ...values: string[]) => reading(path, (db) => db.prepare(sql).all(...values));
  const count = (sql: string) => Number(rows(sql)[0]?.count);
  return {
    env: () => ({ DATABASE_PATH: path }),
    async state() {
      return {
        unsettled: count(STATE.unsettled),
        unfinished: count(STATE.unfinished),
        tokens: count(STATE.tokens),
      };
    },
    async filesLeft() {
      // The folder is there once there was a file to keep.
      const there = existsSync(`${path}-files`) ? readdirSync(`${path}-files`) : [];
      const named = rows(NEEDED_FILES);
      return unmatched(
        there,
        named.map(({ name }) => String(name)),
      );
    },
    knowsReply: async (interactionId) =>
      rows('SELECT 1 FROM generations WHERE interaction_id = ? AND message_id IS NOT NULL', interactionId)
        .length > 0,
    // They may be of any age.
    ageFiles: async () => undefined,
    async remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function reading<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
