import type { PoolClient } from 'pg';
import type { OnConnection } from './connections.ts';
import { asDatabaseError } from './problems.ts';

/** Long, because images have some megabytes, and nobody at Discord waits for these transfers. */
const TRANSFER_WITHIN_MS = 30_000;
const NAMES_PER_STEP = 1000;
/** pg receives bytes as text with two digits each, and parsing it blocks the event loop. */
const PART_BYTES = 512 * 1024;

/** Begins a step that may take its time. */
const PATIENTLY = `BEGIN; SET LOCAL statement_timeout = ${TRANSFER_WITHIN_MS}`;

const SQL = {
  save: 'INSERT INTO files (name, bytes) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes',
  read: 'SELECT octet_length(bytes) AS length, substring(bytes FROM $2 FOR $3) AS part FROM files WHERE name = $1',
  remove: 'DELETE FROM files WHERE name = ANY ($1)',
  names: 'SELECT name FROM files WHERE name > $1 ORDER BY name LIMIT $2',
  // Another process may have saved a file, but not yet written the row that names it.
  removeUnused: `DELETE FROM files WHERE name = ANY ($1) AND saved_at < now() - INTERVAL '1 hour'
    AND NOT EXISTS (SELECT 1 FROM reference_images WHERE file = files.name)
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE image_file = files.name)
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE thumbnail_file = files.name)
    AND NOT EXISTS (SELECT 1 FROM draft_files WHERE file = files.name)`,
} as const;

/**
 * The files that must outlive the process. They are in the database, because the processes that share it share no disk.
 */
export interface PostgresFiles {
  save(name: string, bytes: Uint8Array): Promise<void>;
  read(name: string): Promise<Buffer<ArrayBuffer> | null>;
  remove(name: string): Promise<void>;
  removeAll(names: readonly string[]): Promise<void>;
  removeUnused(): Promise<number>;
}

export function createPostgresFiles(onConnection: OnConnection): PostgresFiles {
  async function patiently<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const transaction = async (client: PoolClient) => {
      await client.query(PATIENTLY);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    };
    return onConnection(transaction, performance.now() + TRANSFER_WITHIN_MS).catch((error) => {
      throw asDatabaseError(error);
    });
  }

  async function removeAll(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await patiently((client) => client.query(SQL.remove, [names]));
  }

  return {
    async save(name, bytes) {
      const { buffer, byteOffset, byteLength } = bytes;
      const values = [name, Buffer.from(buffer, byteOffset, byteLength)];
      await patiently((client) => client.query(SQL.save, values));
    },
    read: (name) => patiently((client) => readParts(client, name)),
    remove: (name) => removeAll([name]),
    removeAll,
    async removeUnused() {
      let removed = 0;
      for (let after = ''; ; ) {
        const from = [after, NAMES_PER_STEP];
        const { rows } = await patiently((client) => client.query(SQL.names, from));
        const names = rows.map(({ name }) => name as string);
        const { rowCount } = await patiently((client) => client.query(SQL.removeUnused, [names]));
        removed += rowCount ?? 0;
        if (names.length < NAMES_PER_STEP) return removed;
        after = names.at(-1) ?? after;
      }
    },
  };
}

async function readParts(client: PoolClient, name: string): Promise<Buffer<ArrayBuffer> | null> {
  const parts: Buffer[] = [];
  for (let read = 0; ; read += PART_BYTES) {
    const { rows } = await client.query(SQL.read, [name, read + 1, PART_BYTES]);
    if (!rows[0]) return null;
    parts.push(rows[0].part);
    if (read + PART_BYTES >= rows[0].length) return Buffer.concat(parts);
  }
}
