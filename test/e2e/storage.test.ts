import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startBot } from '../../sandbox/bot.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';

/** Longer than a slow image takes. */
const LONG_ENOUGH_MS = 20 * 60_000;

let on: BotOnSandbox;

describe('a ledger that cannot be written', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
  });
  afterAll(() => on.close());

  test('a request that cannot be written is refused privately, and nothing is created', async () => {
    const repair = spoil('INSERT ON generations');
    const { message } = await imagine(on, 'an unwritten fox').response();
    expect(message && textOf(message)).toMatch(
      /went wrong inside the bot, and nothing was started or charged/,
    );
    expect((message?.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
    repair();
    const next = await imagineUnderWay(on, 'a written fox');
    await finishImages(on);
    await image(next);
    expect(createsOf(on.jimmyAi, 'an unwritten fox')).toEqual([]);
    expect(createsOf(on.jimmyAi, 'a written fox')).toHaveLength(1);
  });

  test('a question that cannot be written is not asked: the person is told, and nothing is created', async () => {
    const repair = spoil('INSERT ON drafts');
    const { message } = await imagine(on, 'unwritten foxes', { count: 3 }).response();
    expect(message && textOf(message)).toMatch(
      /went wrong inside the bot, and nothing was started or charged/,
    );
    repair();
    expect(createsOf(on.jimmyAi, 'unwritten foxes')).toEqual([]);
  });

  test('running images are still delivered while no write works, and settled once one does', async () => {
    const interaction = await imagineUnderWay(on, 'a running fox');
    const repairs = [spoil('UPDATE ON tasks'), spoil('UPDATE ON generations')];
    await finishImages(on);
    await image(interaction);
    expect(stored(on.databasePath, 'a running fox')).toMatchObject({ state: 'running', settledAt: null });
    for (const repair of repairs) repair();
    await until(() => stored(on.databasePath, 'a running fox')?.settledAt);
    expect(stored(on.databasePath, 'a running fox')?.state).toBe('delivered');
    expect(interaction.history.filter(({ message }) => message.attachments.length > 0)).toHaveLength(1);
    expect(createsOf(on.jimmyAi, 'a running fox')).toHaveLength(1);
  });

  test('an image that was delivered but not settled is shown in the same message by the next process', async () => {
    const interaction = await imagineUnderWay(on, 'a doubtful fox');
    const repair = spoil('UPDATE ON tasks');
    await finishImages(on);
    await image(interaction);
    await on.bot().stop('SIGKILL');
    repair();
    await on.start();
    await until(() => stored(on.databasePath, 'a doubtful fox')?.settledAt);
    expect((await image(interaction)).attachments).toHaveLength(1);
    expect(createsOf(on.jimmyAi, 'a doubtful fox')).toHaveLength(1);
  });

  test('a task that cannot be marked as being sent is not sent until it can, and then once', async () => {
    const repair = spoil("UPDATE ON tasks WHEN NEW.state = 'submitting'");
    const interaction = imagine(on, 'a waiting fox');
    await reply(interaction, /can’t write to its disk right now, so nothing was sent yet. Still trying/);
    expect(createsOf(on.jimmyAi, 'a waiting fox')).toEqual([]);
    repair();
    await until(() => stored(on.databasePath, 'a waiting fox')?.state === 'running');
    await finishImages(on);
    expect(textOf(await image(interaction))).not.toContain('Still trying');
    expect(createsOf(on.jimmyAi, 'a waiting fox')).toHaveLength(1);
  });

  test('a task whose answer could not be written is known again after the next write that works', async () => {
    const repair = spoil("UPDATE ON tasks WHEN NEW.state = 'running'");
    imagine(on, 'a caught up fox');
    await until(() => createsOf(on.jimmyAi, 'a caught up fox').length === 1);
    await until(() => on.bot().log.some(({ msg }) => msg.endsWith('going on from memory')));
    repair();
    await until(() => stored(on.databasePath, 'a caught up fox')?.state === 'running');
  });
});

describe('a folder that cannot be used', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, started: false });
    writeFileSync(`${on.databasePath}-files`, 'not a folder');
    await on.start();
  });
  afterAll(() => on.close());

  test('images of one reply that cannot be kept, and are gone at the service, are delivered from memory', async () => {
    for (let task = 0; task < 2; task += 1)
      on.jimmyAi.misbehave({ kind: 'expired-image', afterDownloads: 1 });
    const interaction = imagine(on, 'two foxes', { count: 2 });
    await until(() => createsOf(on.jimmyAi, 'two foxes').length === 2);
    await finishImages(on);
    await images(interaction, 2);
    await until(() => stored(on.databasePath, 'two foxes')?.settledAt);
  });

  test('an image that cannot be kept while others are being made is shown early, and stays', async () => {
    on.jimmyAi.misbehave({ kind: 'expired-image', afterDownloads: 1 });
    on.jimmyAi.misbehave({ kind: 'slow', factor: 100 });
    const interaction = imagine(on, 'a quick fox and a slow one', { count: 2 });
    await until(() => createsOf(on.jimmyAi, 'a quick fox and a slow one').length === 2);
    await finishImages(on);
    await images(interaction, 1);
    await on.advance(LONG_ENOUGH_MS);
    await images(interaction, 2);
  });

  test('an image that cannot be kept on disk is delivered from memory', async () => {
    const interaction = await imagineUnderWay(on, 'a fox in memory');
    const route = new RegExp(interaction.token);
    const heal = on.discord.faults.rest({ method: 'PATCH', route, status: 503, times: 10_000 });
    await finishImages(on);
    // Only what doesn't arrive at once is put on disk.
    await until(() => on.bot().log.some(({ msg }) => msg.startsWith('the image could not be kept on disk')));
    heal();
    await image(interaction);
    await until(() => stored(on.databasePath, 'a fox in memory')?.state === 'delivered');
  });

  test('an image that cannot be kept is kept as soon as possible, while Discord accepts none', async () => {
    const folder = `${on.databasePath}-files`;
    on.jimmyAi.misbehave({ kind: 'expired-image', afterDownloads: 1 });
    on.jimmyAi.misbehave({ kind: 'slow', factor: 100 });
    const interaction = imagine(on, 'a quick fox and a slow one, kept', { count: 2 });
    await until(() => createsOf(on.jimmyAi, 'a quick fox and a slow one, kept').length === 2);
    const route = new RegExp(interaction.token);
    const heal = on.discord.faults.rest({ method: 'PATCH', route, status: 503, times: 10_000 });
    await finishImages(on);
    await until(() => on.bot().log.some(({ msg }) => msg.startsWith('the image could not be kept on disk')));
    rmSync(folder);
    await until(() => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.png')));
    heal();
    // The pause before the next try is real time, in which the token must not have died.
    await until(() => interaction.message()?.attachments.length === 1);
    await on.advance(LONG_ENOUGH_MS);
    await images(interaction, 2);
  });
});

test('a DATABASE_PATH that cannot be used is named in one line, and the bot does not start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imagine-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = { DISCORD_TOKEN: 'a.b.c', JIMMYAI_API_KEY: 'key', DATABASE_PATH: folder };
  const bot = startBot({ env });
  expect(await bot.ended).toBe(1);
  expect(bot.errors).toEqual([
    expect.stringMatching(
      /^The bot cannot start: The ledger at .+ cannot be used \(.+\)\. Check DATABASE_PATH/,
    ),
  ]);
});

/** Makes writes of this kind fail as on a full disk; the returned function mends it. */
function spoil(write: string): () => void {
  const name = `"fails on ${write.replaceAll('"', '')}"`;
  execute(`CREATE TRIGGER ${name} BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  return () => execute(`DROP TRIGGER ${name}`);
}

function execute(sql: string): void {
  const db = new DatabaseSync(on.databasePath, { timeout: 5000 });
  db.exec(sql);
  db.close();
}
