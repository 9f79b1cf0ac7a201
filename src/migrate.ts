import { parseArgs } from 'node:util';
import { LedgerError } from './services/ledger/error.ts';
import { moveLedger } from './services/ledger/move/index.ts';
import { shownAddress } from './services/ledger/postgres/address.ts';
import { writeForOwnerOnly } from './services/process/private-files.ts';

const USAGE = `npm run migrate -- SQLITE_FILE POSTGRES_ADDRESS

Copies the ledger of a bot that is stopped, with its files, into a PostgreSQL database that is empty, such as
  npm run migrate -- ./data/imagine.sqlite postgres://imagine:password@localhost:5432/imagine
It may be run again as long as no bot has used the database.`;

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
    const [from, to, ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (from === undefined || to === undefined || more.length > 0)
      throw new Error('Name the SQLite file and the address of the database.');
    if (!/^postgres(?:ql)?:\/\//.test(to) || !URL.canParse(to))
      throw new Error('The address must be one of PostgreSQL: postgres://user:password@host:5432/database');
    return { from, to };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}
