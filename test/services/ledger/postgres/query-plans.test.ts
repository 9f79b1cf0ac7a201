import pg from 'pg';
import { expect, test } from 'vitest';
import { createBreaks } from '../../../../src/services/ledger/breaks.ts';
import type { Database, Query } from '../../../../src/services/ledger/database.ts';
import { createHoldings } from '../../../../src/services/ledger/holdings.ts';
import { createLeaseLedger, LEASE_MS } from '../../../../src/services/ledger/leases.ts';
import { poolOptions } from '../../../../src/services/ledger/postgres/address.ts';
import { createPostgresDatabase } from '../../../../src/services/ledger/postgres/database.ts';
import { createStatement } from '../../../../src/services/ledger/postgres/statement.ts';
import { newDatabase, open } from './on-postgres.ts';

/** They hold a few rows, however long the bot is used: one for each kind, or a hundred for each. */
const SMALL = ['processes', 'warnings', 'durations', 'forgetting', 'catalog_prices'];

test('no statement of the ledger reads all rows of a table that grows, although the server knows nothing of its rows', async () => {
  const url = await newDatabase();
  await (await open(url)).ledger.close();
  const client = new pg.Client(poolOptions(url));
  await client.connect();
  await client.query('SET plan_cache_mode = force_generic_plan');
  const found: string[] = [];
  const queries = allQueries();
  for (const { name, text, values } of queries) {
    await client.query(`PREPARE ${name} AS ${text}`);
    const nulls = values.length === 0 ? '' : `(${values.map(() => 'NULL').join(', ')})`;
    const { rows } = await client.query(`EXPLAIN EXECUTE ${name}${nulls}`);
    const scans = rows.map((row) => String(row['QUERY PLAN'])).filter(isFullScan);
    found.push(...scans.map((scan) => `${scan.trim()}: ${text}`));
  }
  await client.end();
  expect(queries.length).toBeGreaterThan(50);
  expect(found).toEqual([]);
});

function isFullScan(line: string): boolean {
  const [, table = ''] = /Seq Scan on (\w+)/.exec(line) ?? [];
  return table !== '' && !SMALL.includes(table);
}

/** Every statement that the ledger prepares. */
function allQueries(): Query[] {
  const queries: Query[] = [];
  const never = async () => {
    throw new Error('nothing is run here');
  };
  const db: Database = {
    ...createPostgresDatabase(never),
    prepare<Name extends string>(sql: Readonly<Record<Name, string>>) {
      const statements = Object.entries<string>(sql).map(([name, text]) => {
        const statement = createStatement(`s${queries.length}`, text);
        const { value } = statement.all()[Symbol.iterator]().next();
        queries.push(...(value as readonly Query[]));
        return [name, statement];
      });
      return Object.fromEntries(statements);
    },
  };
  createLeaseLedger(db, createBreaks(), 'a process', LEASE_MS);
  createHoldings({
    db,
    owner: 'a process',
    now: Date.now,
    takeBreak: createBreaks(),
    isCongested: () => false,
  });
  return queries;
}
