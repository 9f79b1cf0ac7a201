import { parseArgs } from 'node:util';
import { ConfigError, loadDatabaseUrl } from './services/config.ts';
import { LedgerError } from './services/ledger/error.ts';
import { moveLedger } from './services/ledger/move/index.ts';
import { shownAddress } from './services/ledger/postgres/address.ts';
import { writeForOwnerOnly } from './services/process/private-files.ts';

const USAGE = `npm run migrate -- SQLITE_FILE

Copies the ledger of a bot that is stopped, with its files, into the PostgreSQL database at DATABASE_URL (in .env or the
environment), which must be empty, such as
  npm run migrate -- ./data/imagine.sqlite
It may be run again as long as no bot has used the database. A second argument takes the place of DATABASE_URL. Everybody on this
machine can see it meanwhile, and its password.`;

writeForOwnerOnly();
const { from, to } = readArguments();
try {
  const moved = await moveLedger({ from, to });
  for (const [what, count] of Object.entries(moved)) console.log(`${String(count).padStart(9)} ${what}`);
  console.log(`The ledger of ${from} was copied to ${shownAddress(to)}.`);
  console.log('Start the bot with that address as DATABASE_URL.');
  console.log(
    `Don't start a bot on ${from} after that: requests that wait there would be made, and paid for, again.`,
  );
} catch (error) {
  console.error(error instanceof LedgerError ? error.message : error);
  process.exitCode = 1;
}

function readArguments(): { from: string; to: string } {
  try {
    const [from, address, ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (from === undefined || more.length > 0) throw new Error('Name the SQLite file.');
    return { from, to: loadDatabaseUrl(address === undefined ? process.env : { DATABASE_URL: address }) };
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}
