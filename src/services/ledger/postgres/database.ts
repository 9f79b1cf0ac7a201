import type { PoolClient } from 'pg';
import type { Answer, Database, Query, Statement, Steps } from '../database.ts';
import { ANSWER_WITHIN_MS, CONNECTIONS_MAX } from './address.ts';
import type { OnConnection } from './connections.ts';
import { createLines } from './lines.ts';
import { inOnePacket } from './one-packet.ts';
import { asDatabaseError, isPassing } from './problems.ts';
import { createStatement } from './statement.ts';
import { CommitUnknown, createTransactions } from './transactions.ts';

/** More than there are connections, because each may be older than a restart of the server or a migration. */
const TRIES = CONNECTIONS_MAX + 2;

/**
 * Runs the ledger's statements on PostgreSQL. Each piece of work has its own connection, and gets an answer or an error
 * in time.
 */
export function createPostgresDatabase(onConnection: OnConnection): Database {
  const transactions = createTransactions(onConnection);
  const inLine = createLines((works, lock, until) =>
    inTime((until) => transactions.writing((client) => followAll(client, works), until, lock), until),
  );
  let prepared = 0;

  function prepare<Name extends string>(sql: Readonly<Record<Name, string>>): Record<Name, Statement> {
    const entries = Object.entries<string>(sql).map(([name, text]) => {
      prepared += 1;
      return [name, createStatement(`${name}_${prepared}`, text)];
    });
    return Object.fromEntries(entries) as Record<Name, Statement>;
  }

  return {
    clock: 'extract(epoch FROM clock_timestamp()) * 1000',
    skipLocked: 'FOR UPDATE SKIP LOCKED',
    isShared: true,
    prepare,
    read: (work) => inTime((until) => onConnection((client) => follow(client, work()), until)),
    readAtOnce: (work) => inTime((until) => transactions.reading((client) => follow(client, work()), until)),
    write: (work, lock, since = performance.now()) =>
      lock === undefined
        ? inTime((until) => transactions.writing((client) => follow(client, work()), until), untilOf(since))
        : inLine(work, lock, untilOf(since)),
  };
}

/** When a caller gives up who has waited since then. */
function untilOf(since: number): number {
  return since + ANSWER_WITHIN_MS;
}

/**
 * Tries again on another connection if nothing of the work was kept, as long as the caller still waits. Rejects with a
 * DatabaseError.
 */
async function inTime<T>(
  attempt: (until: number) => Promise<T>,
  until = untilOf(performance.now()),
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(until);
    } catch (error) {
      if (error instanceof CommitUnknown) throw asDatabaseError(error.cause);
      if (tries === TRIES || performance.now() >= until || !isPassing(error)) throw asDatabaseError(error);
    }
  }
}

/** Runs the steps, and awaits the answers to each before the next. The first is sent before this returns. */
async function follow<T>(client: PoolClient, work: Steps<T>): Promise<T> {
  const steps = work[Symbol.iterator]();
  let step = steps.next();
  while (!step.done) {
    const queries = step.value;
    const answers = inOnePacket(client, () => queries.map((query) => answer(client, query)));
    step = steps.next(await Promise.all(answers));
  }
  return step.value;
}

async function followAll(client: PoolClient, works: readonly (() => Steps<unknown>)[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const work of works) results.push(await follow(client, work()));
  return results;
}

async function answer(client: PoolClient, { name, text, values }: Query): Promise<Answer> {
  const { rows, rowCount } = await client.query({ name, text, values: [...values] });
  return { rows, changes: rowCount ?? 0 };
}
