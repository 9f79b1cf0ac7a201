import { ConfigError, loadDatabasePath } from './services/config.ts';
import { LedgerError } from './services/ledger/error.ts';
import { restore } from './services/ledger/sqlite/restore.ts';
import { writeForOwnerOnly } from './services/process/private-files.ts';

const USAGE = `npm run restore -- BACKUP

Puts BACKUP, a folder made by npm run backup, in the place of the ledger, which is moved aside. Stop the bot first.`;

const [from, ...more] = process.argv.slice(2);
if (from === undefined || from.startsWith('-') || more.length > 0) {
  console.error(USAGE);
  process.exit(1);
}

writeForOwnerOnly();
try {
  const path = loadDatabasePath(process.env, 'restore it with pg_restore');
  const replaced = await restore({ path, from, now: new Date() });
  console.log(`The ledger at ${path} was restored from ${from}`);
  if (replaced) console.log(`The ledger from before is in ${replaced}; remove it once everything works.`);
} catch (error) {
  console.error(error instanceof LedgerError || error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
