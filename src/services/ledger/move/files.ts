import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { LedgerError } from '../error.ts';

const SAVE = 'INSERT INTO files (name, bytes) VALUES ($1, $2)';
const ARRIVED =
  'SELECT count(*)::int AS count, coalesce(sum(octet_length(bytes)), 0)::float8 AS bytes FROM files';

/**
 * Copies every complete file of the folder. Returns the number; throws a {@link LedgerError} when bytes are missing.
 */
export async function moveFiles(folder: string, client: Client): Promise<number> {
  const names = (await readdir(folder).catch(noneIfAbsent)).filter((name) => !name.endsWith('.part'));
  let sent = 0;
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    await client.query(SAVE, [name, bytes]);
    sent += bytes.length;
  }
  const { rows } = await client.query(ARRIVED);
  const { count, bytes } = rows[0];
  if (count !== names.length || bytes !== sent)
    throw new LedgerError(
      `Of ${names.length} files with ${sent} bytes, ${count} with ${bytes} bytes arrived. Nothing was moved; try again.`,
    );
  return names.length;
}

function noneIfAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
