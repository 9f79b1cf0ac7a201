import { execFileSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { postgresProgram } from '../../../support/postgres.ts';
import { createRequests } from '../requests.ts';
import { newDatabase, open } from './on-postgres.ts';

let url: string;
let dump: Buffer;
/** Of the request that waits in the dump, which has been reserved and not sent. */
let id: string;
beforeEach(async () => {
  url = await newDatabase();
  const { ledger } = await open(url);
  id = await createRequests({ ledger, now: 1000 }).reserve({ references: [] });
  await ledger.close();
  dump = execFileSync(postgresProgram('pg_dump'), ['--format=custom', url]);
});

test('what waited when a dump was made is not sent after it is restored to another database', async () => {
  const other = await newDatabase();
  restore(other);
  expect(await stateIn(other)).toBe('submitting');
});

test('what waited when a dump was made is not sent after it is restored in the place of the tables', async () => {
  restore(url, '--clean', '--if-exists');
  expect(await stateIn(url)).toBe('submitting');
});

test('what is asked for after a restore is sent, as is what waits in a database that was merely opened again', async () => {
  expect(await stateIn(url)).toBe('reserved');
  const other = await newDatabase();
  restore(other);
  const { ledger } = await open(other);
  id = await createRequests({ ledger, now: 2000 }).reserve({ interactionId: 'later', references: [] });
  await ledger.close();
  expect(await stateIn(other)).toBe('reserved');
});

function restore(to: string, ...options: string[]): void {
  execFileSync(postgresProgram('pg_restore'), [...options, `--dbname=${to}`], { input: dump });
}

/** The state of the request as the next process finds it. */
async function stateIn(database: string): Promise<string | undefined> {
  const { ledger } = await open(database);
  const found = await ledger.generations.find(id);
  await ledger.close();
  return found?.tasks[0]?.state;
}
