import { parseArgs } from 'node:util';
import { ConfigError, loadDatabasePath } from './services/config.ts';
import { LedgerError } from './services/ledger/error.ts';
import { backUp, hasBackupOf } from './services/ledger/sqlite/backup.ts';
import { writeForOwnerOnly } from './services/process/private-files.ts';

const USAGE = `npm run backup -- FOLDER [--keep 7] [--daily]

Copies the ledger and the files beside it to a new folder in FOLDER, while the bot runs, and checks the copy.
Of all backups in FOLDER, the newest --keep stay. With --daily, none is made where this day (UTC) has one.`;

writeForOwnerOnly();
try {
  const path = loadDatabasePath(process.env, 'back it up with pg_dump');
  const { daily, ...wanted } = readArguments();
  const now = new Date();
  if (!daily || !(await hasBackupOf(now, wanted.into))) {
    const folder = await backUp({ path, ...wanted, now });
    console.log(`The ledger was backed up to ${folder}`);
  }
} catch (error) {
  console.error(error instanceof LedgerError || error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}

function readArguments(): { into: string; keep: number; daily: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { keep: { type: 'string', default: '7' }, daily: { type: 'boolean', default: false } },
    });
    const [into, ...more] = positionals;
    const keep = Number(values.keep);
    if (into === undefined || more.length > 0) throw new Error('Name one folder for the backups.');
    if (!Number.isInteger(keep) || keep < 1) throw new Error('--keep needs a whole number of at least 1.');
    return { into, keep, daily: values.daily };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}
