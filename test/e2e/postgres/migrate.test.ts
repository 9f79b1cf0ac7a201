import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
} from '../../support/bot-on-sandbox.ts';
import { finishImages, imagineUnderWay } from '../../support/generations.ts';
import { createDatabase } from '../../support/postgres.ts';

const MIGRATE = fileURLToPath(new URL('../../../src/migrate.ts', import.meta.url));
const LOAD_ENV_FILE = new URL('../../../src/load-env-file.ts', import.meta.url).href;
const run = promisify(execFile);

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, database: 'sqlite' });
});
afterAll(() => on.close());

test('what a bot on SQLite has under way and what people have made are there after the move', async () => {
  const interaction = await imagineUnderWay(on, 'a fox that moves');
  const url = await createDatabase(inject('postgres')?.url ?? '');
  await expect(migrate(on.databasePath, url)).rejects.toMatchObject({
    stderr: expect.stringMatching(/^Another process uses this ledger/),
  });
  await on.bot().stop('SIGKILL');
  const { stdout } = await migrateByEnvFile(on.databasePath, url);
  expect(stdout).toMatch(/^ +1 generations\n +1 tasks\n[\s\S]*postgres:\/\//);

  await on.start({ DATABASE_URL: url });
  await finishImages(on);
  await image(interaction);
  expect(createsOf(on.jimmyAi, 'a fox that moves')).toHaveLength(1);
  await reply(on.discord.interact.command({ name: 'history', options: {} }), /a fox that moves/);
  await expect(migrate(on.databasePath, url)).rejects.toMatchObject({
    stderr: expect.stringMatching(/^The database at .* holds the ledger of a bot that was used/),
  });
});

test.each([
  [[], /^Name the SQLite file\.\n\nnpm run migrate/],
  [['a.sqlite'], /^DATABASE_URL is missing: it must be a PostgreSQL address/],
  [['a.sqlite', 'mysql://127.0.0.1/a'], /PostgreSQL.*postgres:\/\/user:password@host:5432\/database/],
  [['a.sqlite', 'postgres://127.0.0.1/a'], /^There is no ledger at a\.sqlite/],
])('migrate %j says what is wrong', async (names, words) => {
  await expect(migrate(...names)).rejects.toMatchObject({ stderr: expect.stringMatching(words) });
});

/** As npm does it, where the `.env` beside the ledger has the address. */
function migrateByEnvFile(path: string, url: string) {
  writeFileSync(join(dirname(path), '.env'), `DATABASE_URL=${url}\n`);
  return run(process.execPath, ['--import', LOAD_ENV_FILE, MIGRATE, path], { cwd: dirname(path), env: {} });
}

function migrate(...names: string[]) {
  return run(process.execPath, [MIGRATE, ...names], { env: {} });
}
