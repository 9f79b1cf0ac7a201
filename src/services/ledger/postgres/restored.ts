import type { Client } from 'pg';
import type { Logger } from '../../log.ts';
import { sentSince } from '../sent-since.ts';

/** Reading the server's identity is a right that some hosts take away. */
const MAY_ASK = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS may_ask";
const SERVER = '(SELECT system_identifier FROM pg_control_system())';
/** Every server, database and table has an id of its own, which a dump doesn't contain. */
const homeBy = (server: string) =>
  `concat_ws('/', ${server}, (SELECT oid FROM pg_database WHERE datname = current_database()), 'generations'::regclass::oid)`;

/**
 * Finds out whether the tables were restored from a dump since the last start. If so, requests that waited then may have
 * been sent and paid for since, so they aren't sent again. To be called by one process at a time.
 */
export async function noticeRestore(client: Client, log?: Logger): Promise<void> {
  const { rows: rights } = await client.query(MAY_ASK);
  const home = homeBy(rights[0].may_ask ? SERVER : 'NULL');
  const { rows } = await client.query(`SELECT home AS known, ${home} AS actual FROM ledger_version`);
  const { known, actual } = rows[0];
  if (known === actual) return;
  const isRestored = known !== null;
  const settle = isRestored ? sentSince('extract(epoch FROM clock_timestamp()) * 1000') : '';
  await client.query(`BEGIN; ${settle} UPDATE ledger_version SET home = ${home}; COMMIT`);
  if (isRestored)
    log?.warn('the database was restored from a dump; requests that waited in it are not sent again');
}
