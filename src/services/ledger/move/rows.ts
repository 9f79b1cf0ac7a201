import type { DatabaseSync } from 'node:sqlite';
import type { Client } from 'pg';
import { LedgerError } from '../error.ts';

/** In order: each table comes after those that its rows refer to. */
export const TABLES = [
  'generations',
  'tasks',
  'reference_images',
  'drafts',
  'draft_files',
  'settings',
  'server_rules',
  'audit',
  'durations',
  'warnings',
  'forgetting',
  'catalog_prices',
  'last_costs',
  'charges',
  'charge_sums',
] as const;

/** Whoever held a lease is gone. */
const LEFT_BEHIND: ReadonlySet<string> = new Set(['lease_owner']);
const ROWS_PER_STATEMENT = 500;
/** The only character that PostgreSQL's text can't contain (docs: datatype-character.html). It is invisible. */
const NUL = /\0/g;

/** Copies every row of every table; the target tables are empty. Throws a {@link LedgerError} when rows are missing. */
export async function moveRows(source: DatabaseSync, client: Client): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const columns = await columnsOf(client, table);
    // The moved rows already include everything that the triggers would derive.
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    counts[table] = await moveTable(source, client, table, columns);
    await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  }
  return counts;
}

async function moveTable(
  source: DatabaseSync,
  client: Client,
  table: string,
  columns: readonly string[],
): Promise<number> {
  const names = columns.join(', ');
  const insert = `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1)`;
  let moved = 0;
  const pass = async (rows: readonly object[]) => {
    if (rows.length > 0) await client.query(insert, [JSON.stringify(rows, withoutNul)]);
    moved += rows.length;
  };
  let rows: object[] = [];
  for (const row of source.prepare(`SELECT ${names} FROM ${table}`).iterate()) {
    rows.push(row);
    if (rows.length < ROWS_PER_STATEMENT) continue;
    await pass(rows);
    rows = [];
  }
  await pass(rows);
  const { rows: counted } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
  if (counted[0].count !== moved)
    throw new LedgerError(
      `Of ${moved} rows of ${table}, ${counted[0].count} arrived. Nothing was moved; try again.`,
    );
  return moved;
}

/** The columns that the ledger itself writes; the server fills others by itself. */
async function columnsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' ORDER BY ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => String(name)).filter((name) => !LEFT_BEHIND.has(name));
}

function withoutNul(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(NUL, '') : value;
}
