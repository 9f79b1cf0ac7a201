import pg from 'pg';

/** Discord waits 3 s for the first answer, which must still say that nothing could be written. */
export const ANSWER_WITHIN_MS = 2000;
/** So many at once of each process: a server has room for 100 by its own default. */
const CONNECTIONS_MAX = 10;

/**
 * What the server itself ends, for the sake of everybody else: a statement or a lock whose asker has given up, and a
 * transaction whose process is gone, with the locks that it holds.
 */
const SESSION = {
  statement_timeout: 5000,
  lock_timeout: ANSWER_WITHIN_MS,
  idle_in_transaction_session_timeout: 1500,
};

/** A host's name and database for messages and logs: without the password. */
export function shownAddress(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username && `${username}@`}${host}${pathname}`;
}

/** How to connect to the database at this address. Throws where the address names what isn't there, such as a certificate. */
export function connectionOptions(url: string): pg.ClientConfig {
  const address = new URL(url);
  // `sslmode` means what psql and all of libpq take it for, in pg only on demand.
  const hasMode = address.searchParams.has('sslmode');
  if (hasMode && !address.searchParams.has('uselibpqcompat'))
    address.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: address.href,
    fallback_application_name: 'imagine-bot',
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    keepAlive: true,
    types: { getTypeParser },
  };
}

/** The same for the connections that the bot works with. */
export function poolOptions(url: string): pg.PoolConfig {
  const address = new URL(url);
  const ours = Object.entries(SESSION).map(([name, ms]) => `-c ${name}=${ms}`);
  // The operator's own come last and win.
  const options = [...ours, address.searchParams.get('options') ?? ''].join(' ').trim();
  address.searchParams.set('options', options);
  return { ...connectionOptions(address.href), max: CONNECTIONS_MAX };
}

/** Times, counts and sums as numbers: pg leaves what may be larger than a number can say as text. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  const { INT8, NUMERIC } = pg.types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
