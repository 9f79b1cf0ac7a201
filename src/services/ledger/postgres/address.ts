import pg from 'pg';

/** Discord waits 3 s for the first answer, which must still be able to report the failure. */
export const ANSWER_WITHIN_MS = 2000;
/** The most connections of each process. A server allows 100 by default. */
export const CONNECTIONS_MAX = 10;
/** Connecting takes some round trips, so a bot with a request every few minutes keeps a connection. */
const IDLE_MS = 5 * 60_000;
/** Routers drop connections that are silent for some minutes. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/**
 * Limits after which the server itself ends a statement or a lock that the bot has given up, and a transaction of a
 * dead process with its locks. Otherwise everybody else would wait for these.
 */
const SESSION = {
  statement_timeout: 5000,
  lock_timeout: ANSWER_WITHIN_MS,
  idle_in_transaction_session_timeout: 1500,
};

/**
 * SQLite joins by nested loops only, and the statements are written for that: each begins with the few rows of an index.
 * Where its statistics are missing or old, PostgreSQL would rather read whole tables, and compile the plan for it.
 */
const PLANS = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  max_parallel_workers_per_gather: 0,
  jit: 'off',
};

/** The host and the database for messages and logs, without the password. */
export function shownAddress(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username && `${username}@`}${host}${pathname}`;
}

/**
 * The options for connecting to the database at this URL. Throws when the URL names a missing file, such as a
 * certificate.
 */
export function connectionOptions(url: string): pg.ClientConfig {
  const address = new URL(url);
  // pg gives `sslmode` the same meaning as psql and libpq only on demand.
  const hasMode = address.searchParams.has('sslmode');
  if (hasMode && !address.searchParams.has('uselibpqcompat'))
    address.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: address.href,
    fallback_application_name: 'imagine-bot',
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: { getTypeParser },
  };
}

/** The same for the bot's pool of connections. */
export function poolOptions(url: string): pg.PoolConfig {
  const address = new URL(url);
  const ours = Object.entries({ ...SESSION, ...PLANS }).map(([name, value]) => `-c ${name}=${value}`);
  // The operator's own options come last and win.
  const options = [...ours, address.searchParams.get('options') ?? ''].join(' ').trim();
  address.searchParams.set('options', options);
  return {
    ...connectionOptions(address.href),
    // Queries that don't depend on each other's answers are sent together.
    pipeline: true,
    max: CONNECTIONS_MAX,
    idleTimeoutMillis: IDLE_MS,
  };
}

/** Parses times, counts and sums as numbers. pg returns types as text if they could exceed a number's precision. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  const { INT8, NUMERIC } = pg.types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
