import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay } from '../support/generations.ts';

/** Longer than the slow one takes. */
const LONG_ENOUGH_MS = 25 * 60_000;

let on: BotOnSandbox;
let backups: string;

describe('a backup made in the middle of work', () => {
  let running: Interaction;
  let around: Interaction[];
  let unfinished: Interaction;
  let waiting: Interaction;
  let said: Awaited<ReturnType<typeof run>>[];
  let paid: number;
  beforeAll(async () => {
    await prepare();
    await on.start();
    on.jimmyAi.misbehave({ kind: 'slow', factor: 80 });
    unfinished = await imagineUnderWay(on, 'an unfinished fox');
    execute(
      on.databasePath,
      `CREATE TRIGGER full_disk BEFORE UPDATE ON tasks WHEN NEW.state = 'submitting'
       AND NEW.generation_id IN (SELECT id FROM generations WHERE prompt = 'a waiting fox')
       BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    waiting = imagine(on, 'a waiting fox');
    await reply(waiting, /nothing was sent yet/);
    running = await imagineUnderWay(on, 'a running fox');
    // Some that arrive while the copy is made.
    around = Array.from({ length: 8 }, (_, number) => imagine(on, `fox ${number}`));
    said = [await run('backup', backups)];
    const backup = join(backups, readdirSync(backups)[0] ?? '');
    said.push(await run('restore', backup));

    for (const path of [on.databasePath, join(backup, 'imagine.sqlite')])
      execute(path, 'DROP TRIGGER full_disk');
    await until(() => on.jimmyAi.tasks.length === 11);
    await finishImages(on);
    await Promise.all([running, waiting, ...around].map(image));
    paid = creates(on.jimmyAi).length;
    await on.bot().stop('SIGKILL');
    rmSync(dirname(on.databasePath), { recursive: true });
    said.push(await run('restore', backup));
    await on.start();
  });
  afterAll(end);

  test('is one line, and so is its restore', () => {
    expect([said[0], said[2]]).toMatchObject([
      { code: 0, says: expect.stringMatching(/The ledger was backed up to/) },
      { code: 0, says: expect.stringMatching(/was restored from/) },
    ]);
  });

  test('is not restored under a running bot, which is said in one line, and the bot continues', () => {
    expect(said[1]).toEqual({
      code: 1,
      says: expect.stringMatching(/^Another process uses this ledger .*Stop it.*\n$/),
    });
  });

  test('restores to a ledger with which a bot continues, paying nothing twice', async () => {
    const next = await imagineUnderWay(on, 'a fox after the restore');
    await finishImages(on);
    await image(next);
    await Promise.all([running, ...around].map(image));
    expect(creates(on.jimmyAi)).toHaveLength(paid + 1);
  });

  test('a request that waited at the backup and was paid for since is not sent again, and its image stays', async () => {
    const { attachments } = await reply(waiting, /may or may not have been charged/);
    expect(attachments).toHaveLength(1);
    expect(createsOf(on.jimmyAi, 'a waiting fox')).toHaveLength(1);
  });

  test('an image that only the backup knows to be under way is delivered by the bot on the restored ledger', async () => {
    expect(unfinished.message()?.attachments).toEqual([]);
    await on.advance(LONG_ENOUGH_MS);
    await image(unfinished);
    expect(createsOf(on.jimmyAi, 'an unfinished fox')).toHaveLength(1);
  });
});

test('in folders that everybody may read, nothing that the bot and its tools write can be read by others', async () => {
  await prepare();
  onTestFinished(end);
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

/** Without a bot. */
async function prepare(): Promise<void> {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, started: false });
  backups = `${dirname(on.databasePath)}-backups`;
}

async function end(): Promise<void> {
  await on.close();
  rmSync(backups, { recursive: true, force: true });
}

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
