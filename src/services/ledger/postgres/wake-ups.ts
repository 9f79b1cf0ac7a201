import pg from 'pg';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { createWakeUps, type WakeUp, type WakeUps } from '../wake-ups.ts';
import type { OnConnection } from './connections.ts';

const CHANNEL = 'imagine_bot';
const LISTEN_AGAIN_AFTER_MS = 2000;
/** A connection that the network swallows looks like one on which nothing happens. */
const PROVE_EVERY_MS = 10_000;
const TOLD_WITHIN_MS = 2000;

const MESSAGE = z.object({
  from: z.string(),
  wakeUp: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('room'), userId: z.string().nullable() }),
    z.object({ kind: z.literal('cancelled'), id: z.string() }),
    z.object({ kind: z.literal('unserved') }),
  ]),
});

interface Options {
  readonly owner: string;
  /** For the connection that listens. */
  readonly connection: pg.ClientConfig;
  readonly onConnection: OnConnection;
  readonly log?: Logger | undefined;
}

/**
 * Tells other processes by NOTIFY, and hears them by LISTEN on a connection of its own, which is opened again whenever it
 * is lost. This process hears itself at once.
 */
export function createPostgresWakeUps({ owner, connection, onConnection, log }: Options): WakeUps & {
  close(): Promise<void>;
} {
  const here = createWakeUps();
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function listenAgain(lost: pg.Client): void {
    if (client !== lost) return;
    client = null;
    void lost.end().catch(() => undefined);
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(listen, LISTEN_AGAIN_AFTER_MS).unref();
  }

  function listen(): void {
    const opened = new pg.Client(connection);
    client = opened;
    opened.on('error', () => listenAgain(opened));
    opened.on('end', () => listenAgain(opened));
    opened.on('notification', ({ payload }) => {
      const message = parse(payload);
      if (message && message.from !== owner) here.tell(message.wakeUp);
    });
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${CHANNEL}`))
      // Whatever was told in between was missed.
      .then(() => here.tell({ kind: 'unserved' }))
      .then(() => here.tell({ kind: 'room', userId: null }))
      .then(() => prove(opened))
      .catch((err) => {
        log?.debug({ err }, 'other processes cannot be heard; the rows are looked at meanwhile');
        listenAgain(opened);
      });
  }

  function prove(opened: pg.Client): void {
    if (client !== opened) return;
    timer = setTimeout(() => {
      const late = setTimeout(() => listenAgain(opened), TOLD_WITHIN_MS);
      opened
        .query('SELECT 1')
        .then(() => prove(opened))
        .catch(() => listenAgain(opened))
        .finally(() => clearTimeout(late));
    }, PROVE_EVERY_MS).unref();
  }

  async function notify(wakeUp: WakeUp): Promise<void> {
    const payload = JSON.stringify({ from: owner, wakeUp });
    await onConnection(
      (on) => on.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]),
      performance.now() + TOLD_WITHIN_MS,
    );
  }

  listen();
  return {
    tell(wakeUp) {
      here.tell(wakeUp);
      notify(wakeUp).catch((err) => log?.debug({ err, wakeUp }, 'other processes could not be told'));
    },
    onTold: here.onTold,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const open = client;
      client = null;
      await open?.end().catch(() => undefined);
    },
  };
}

function parse(payload: string | undefined): z.output<typeof MESSAGE> | null {
  try {
    return MESSAGE.parse(JSON.parse(payload ?? ''));
  } catch {
    // Another version of the bot may say more.
    return null;
  }
}
