import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../support/tcp-proxy.ts';
import { NEEDED_FILES, STATE, type Store, unmatched } from './store.ts';

/** A PostgreSQL server for several processes. Each process reaches it by a network of its own. */
export interface PostgresStore extends Store {
  network(process: number): TcpProxy;
  /** Ends the server as a crash does, and starts it again. */
  restart(): Promise<void>;
  /** The ids of unsettled generations whose leases this process holds. */
  heldBy(owner: string): Promise<string[]>;
  /** The ids among these that this process no longer holds, or that are settled. */
  wentOn(ids: readonly string[], owner: string): Promise<string[]>;
}

const ASK_AGAIN_MS = 100;

export async function createPostgresStore(processes: number): Promise<PostgresStore> {
  const server = await startPostgres();
  const { port } = new URL(server.url);
  const networks = await Promise.all(Array.from({ length: processes }, () => startTcpProxy(Number(port))));

  /** Waits where the server is just being restarted. */
  async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    for (;;) {
      const client = new pg.Client({ connectionString: server.url });
      // A connection that is lost between two questions is told of by the next question alone.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query(text, values)).rows;
      } catch (error) {
        if (!isAway(error)) throw error;
        await delay(ASK_AGAIN_MS);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }
  const count = async (sql: string) => Number((await rows(sql))[0]?.count);
  const idsOf = async (sql: string, values: unknown[]) =>
    (await rows(sql, values)).map(({ id }) => String(id));
  const network = (process: number) => {
    const found = networks[process];
    if (!found) throw new Error(`there is no process ${process}`);
    return found;
  };

  return {
    env(process) {
      return { DATABASE_URL: throughProxy(server.url, network(process)) };
    },
    async state() {
      return {
        unsettled: await count(STATE.unsettled),
        unfinished: await count(STATE.unfinished),
        tokens: await count(STATE.tokens),
      };
    },
    async filesLeft() {
      const there = await rows('SELECT name FROM files');
      const named = await rows(NEEDED_FILES);
      const names = (found: Record<string, unknown>[]) => found.map(({ name }) => String(name));
      return unmatched(names(there), names(named));
    },
    async knowsReply(interactionId) {
      const known = 'SELECT 1 FROM generations WHERE interaction_id = $1 AND message_id IS NOT NULL';
      return (await rows(known, [interactionId])).length > 0;
    },
    async ageFiles() {
      await rows("UPDATE files SET saved_at = saved_at - INTERVAL '2 hours'");
    },
    network,
    async restart() {
      await server.stop();
      await server.start();
    },
    heldBy: (owner) =>
      idsOf('SELECT id FROM generations WHERE settled_at IS NULL AND lease_owner = $1', [owner]),
    wentOn: (ids, owner) =>
      idsOf(
        `SELECT id FROM generations
         WHERE id = ANY($1) AND (settled_at IS NOT NULL OR lease_owner IS DISTINCT FROM $2)`,
        [ids, owner],
      ),
    async remove() {
      await Promise.all(networks.map((each) => each.close()));
      await server.remove();
    },
  };
}

/** Whether the server is ending, starting or not there: class 57P (operator intervention), or an error of the network. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /^57P|^ECONN|^EPIPE/.test(code) || /terminated|ended/i.test(error.message);
}
