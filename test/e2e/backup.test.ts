import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay } from '../support/generations.ts';

let on: BotOnSandbox;
let backups: string;
beforeEach(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, started: false });
  backups = `${dirname(on.databasePath)}-backups`;
});
afterEach(async () => {
  await on.close();
  rmSync(backups, { recursive: true, force: true });
});

test('a backup made in the middle of work restores to a ledger with which a bot continues, paying nothing twice', async () => {
  await on.start();
  const running = await imagineUnderWay(on, 'a running fox');
  // Some that arrive while the copy is made.
  const around = Array.from({ length: 8 }, (_, number) => imagine(on, `fox ${number}`));
  expect(await run('backup', backups)).toMatchObject({
    code: 0,
    says: expect.stringMatching(/The ledger was backed up to/),
  });
  await Promise.all(around.map((interaction) => reply(interaction, /Sending|being made|%/)));
  await finishImages(on);
  await Promise.all([running, ...around].map(image));
  const paid = creates(on.jimmyAi).length;

  await on.bot().stop('SIGKILL');
  rmSync(dirname(on.databasePath), { recursive: true });
  const [backup = ''] = readdirSync(backups);
  expect(await run('restore', join(backups, backup))).toMatchObject({
    code: 0,
    says: expect.stringMatching(/was restored from/),
  });
  await on.start();
  const next = await imagineUnderWay(on, 'a fox after the restore');
  await finishImages(on);
  await image(next);
  await image(running);
  expect(creates(on.jimmyAi)).toHaveLength(paid + 1);
});

test('an image that only the backup knows to be under way is delivered by the bot on the restored ledger', async () => {
  await on.start();
  const interaction = await imagineUnderWay(on, 'an unfinished fox');
  await run('backup', backups);
  await on.bot().stop('SIGKILL');
  rmSync(dirname(on.databasePath), { recursive: true });
  await run('restore', join(backups, readdirSync(backups)[0] ?? ''));
  await on.start();
  await finishImages(on);
  await image(interaction);
  expect(creates(on.jimmyAi)).toHaveLength(1);
});

test('a request that waited at the backup and was paid for since is not sent again, and its image stays', async () => {
  await on.start();
  execute(
    on.databasePath,
    `CREATE TRIGGER full_disk BEFORE UPDATE ON tasks WHEN NEW.state = 'submitting'
    BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
  );
  const interaction = imagine(on, 'a waiting fox');
  await reply(interaction, /nothing was sent yet/);
  await run('backup', backups);
  const backup = join(backups, readdirSync(backups)[0] ?? '');
  for (const path of [on.databasePath, join(backup, 'imagine.sqlite')])
    execute(path, 'DROP TRIGGER full_disk');
  await until(() => on.jimmyAi.tasks.length > 0);
  await finishImages(on);
  await image(interaction);

  await on.bot().stop('SIGKILL');
  await run('restore', backup);
  await on.start();
  expect((await reply(interaction, /may or may not have been charged/)).attachments).toHaveLength(1);
  expect(creates(on.jimmyAi)).toHaveLength(1);
});

test('a restore under a running bot is refused in one line, and the bot continues', async () => {
  await on.start();
  await run('backup', backups);
  const [backup = ''] = readdirSync(backups);
  expect(await run('restore', join(backups, backup))).toEqual({
    code: 1,
    says: expect.stringMatching(/^Another process uses this ledger .*Stop it.*\n$/),
  });
  const interaction = await imagineUnderWay(on, 'an undisturbed fox');
  await finishImages(on);
  await image(interaction);
});

test('in folders that everybody may read, nothing that the bot and its tools write can be read by others', async () => {
  const folder = dirname(on.databasePath);
  mkdirSync(backups);
  for (const open of [folder, backups]) chmodSync(open, 0o755);
  await on.start();
  await imagineUnderWay(on, 'a hidden fox');
  const whileAtWork = open(folder);
  await run('backup', backups);
  await on.bot().stop('SIGKILL');
  // As an earlier version left it.
  chmodSync(on.databasePath, 0o644);
  const [backup = ''] = readdirSync(backups);
  await on.start();
  const onceStartedAgain = open(folder);
  await on.bot().stop();
  await run('restore', join(backups, backup));
  expect({ whileAtWork, onceStartedAgain, afterwards: [...open(folder), ...open(backups)] }).toEqual({
    whileAtWork: [],
    onceStartedAgain: [],
    afterwards: [],
  });
});

test.each([
  ['backup', [], /^Name one folder.*\n\nnpm run backup -- FOLDER/],
  ['backup', ['folder', '--keep', 'all'], /^--keep needs a whole number/],
  ['restore', [], /^npm run restore -- BACKUP/],
])('%s %j says how it is used', async (command, args, says) => {
  expect(await run(command, ...args)).toEqual({ code: 1, says: expect.stringMatching(says) });
});

/** What users other than the owner can read, write or enter within a folder. */
function open(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(paths.length).toBeGreaterThan(0);
  return paths.filter((path) => statSync(join(folder, path)).mode & 0o077);
}

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(sql);
  db.close();
}

/** Runs a tool of the operator's beside the bot, knowing the ledger's place and nothing else. */
function run(command: string, ...args: string[]): Promise<{ code: number; says: string }> {
  const script = fileURLToPath(new URL(`../../src/${command}.ts`, import.meta.url));
  const env = { DATABASE_PATH: on.databasePath };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, says: stdout + stderr }),
    );
  });
}
