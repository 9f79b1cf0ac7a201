import pg, { type PoolClient, type QueryResult } from 'pg';
import type { OnConnection } from './connections.ts';

/** The number at once, so that what became of the transaction can be asked should the answer to COMMIT be lost. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_current_xact_id()::text AS id';
const BEGIN_READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** On top of the time that the transaction itself had: Discord still waits for so long. */
const ASKED_FOR_MS = 600;

type Work<T> = (client: PoolClient) => Promise<T>;

/** Nobody can say whether the transaction was kept: to do it once more might do it twice. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}

/** Work as a whole or not at all. What fails is rolled back with its connection, which is closed. */
export function createTransactions(onConnection: OnConnection) {
  /** Whether a transaction was kept whose COMMIT had no answer. */
  async function isKept(id: string, error: unknown): Promise<boolean> {
    const ask = async (client: PoolClient) => {
      const { rows } = await client.query('SELECT pg_xact_status($1::xid8) AS status', [id]);
      return rows[0]?.status as string | undefined;
    };
    const status = await onConnection(ask, performance.now() + ASKED_FOR_MS).catch(() => undefined);
    if (status === 'committed' || status === 'aborted') return status === 'committed';
    throw new CommitUnknown('the answer to COMMIT was lost', { cause: error });
  }

  return {
    /** Sees everything as it is at one moment. */
    reading: <T>(work: Work<T>, until: number) =>
      onConnection(async (client) => {
        await client.query(BEGIN_READING);
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      }, until),

    /** Each statement sees what others have committed by then. `lock` is held from the first to the end. */
    async writing<T>(work: Work<T>, until: number, lock?: string): Promise<T> {
      const sent: { id: string; result: T }[] = [];
      try {
        return await onConnection(async (client) => {
          const id = await begin(client, lock);
          const result = await work(client);
          sent.push({ id, result });
          await client.query('COMMIT');
          return result;
        }, until);
      } catch (error) {
        for (const { id, result } of sent) if (await isKept(id, error)) return result;
        throw error;
      }
    },
  };
}

/** Returns the transaction's number. */
async function begin(client: PoolClient, lock?: string): Promise<string> {
  const key = lock && pg.escapeLiteral(`imagine-bot: ${lock}`);
  const locked = key ? `; SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))` : '';
  // Several statements in one text have several results, of which the types know nothing.
  const [, asked] = (await client.query(BEGIN + locked)) as unknown as QueryResult<{ id: string }>[];
  if (!asked?.rows[0]) throw new Error('PostgreSQL gave the transaction no number');
  return asked.rows[0].id;
}
