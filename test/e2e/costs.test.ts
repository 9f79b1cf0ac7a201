import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { press } from '../support/buttons.ts';
import { imagine, imagined, imagineUnderWay, restart } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';
import { pricesRead } from '../support/prices.ts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
/** A model that is asked for in one test alone. */
const PRO = { model: 'nano-banana-pro' };
const NOT_READ = /public prices could not be read/;

let on: BotOnSandbox;

describe('by the catalog of the service', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox();
    await pricesRead(on);
  });
  afterAll(() => on.close());

  test('/balance shows the same real cost of a day and a week as the account, even after the charges are deleted', async () => {
    await imagined(on, 'two foxes', { count: 2 });
    on.jimmyAi.misbehave({ kind: 'failed', reason: 'no luck' });
    await imagined(on, 'no fox');
    await restart(on);
    const now = await balance();
    expect(now).toContain('0.06 coins used');
    expect(now).toMatch(/last 24 hours\*\*\nEverything · 3 images · 0\.06 coins\n/);
    expect(now).toContain('Nano Banana · 3 images · 0.06 coins');
    expect(now).toMatch(/last 7 days\*\*\nEverything · 3 images · 0\.06 coins$/);
    await on.advance(3 * DAY_MS);
    // Housekeeping trusts the clock at its second look, an hour later.
    await on.advance(2 * HOUR_MS);
    await imagined(on, 'a later fox');
    const later = await balance();
    expect(later).toMatch(/last 24 hours\*\*\nEverything · 1 image · 0\.03 coins\n/);
    expect(later).toMatch(/last 7 days\*\*\nEverything · 4 images · 0\.09 coins$/);
    await on.advance(8 * DAY_MS);
    expect(await balance()).toMatch(/last 24 hours\*\*\nNothing was asked for\.$/);
  });

  test('Image details shows the cost of the image, unless the service does not report it', async () => {
    expect(await details(await imagined(on, 'two dear foxes', { count: 2 }))).toMatch(
      /^-# Cost 0\.06 coins$/m,
    );
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'missing' });
    expect(await details(await imagined(on, 'a fox for nobody knows what'))).not.toContain('Cost');
  });

  test('a cost is read in every form, and the charge follows it to the end', async () => {
    const before = charges().length;
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'string' });
    await imagined(on, 'a fox in a string');
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'late' });
    await imagined(on, 'a fox billed late');
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'corrected' });
    await imagined(on, 'a fox that became cheaper');
    expect(charges().slice(before)).toEqual([0.03, 0.03, 0.03]);
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'negative' });
    await imagined(on, 'a fox that pays');
    on.jimmyAi.misbehave({ kind: 'odd-cost', cost: 'missing' });
    await imagined(on, 'a fox without a bill');
    // As expected: by what the one before cost.
    expect(charges().slice(before)).toEqual([0.03, 0.03, 0.03, 0.03, 0.03]);
  });

  test('the question says roughly what it costs: by the catalog, then by the latest cost of the same', async () => {
    expect(await question('first foxes', PRO)).toMatch(
      /makes 3 images, each one charged, about 0\.45 coins in all: /,
    );
    await image(on.discord.interact.command({ name: 'imagine', options: { prompt: 'one fox', ...PRO } }));
    expect(await question('second foxes', PRO)).toMatch(/about 0\.36 coins in all/);
  });

  describe('after a kill, and without the catalog', () => {
    let before: number;
    let interaction: Interaction;
    beforeAll(async () => {
      before = charges().length;
      on.jimmyAi.misbehave({ kind: 'slow', factor: 100 });
      interaction = await imagineUnderWay(on, 'a fox in between');
      expect(charges().slice(before)).toEqual([0.03]);
      on.jimmyAi.prices.hasCatalog = false;
      await restart(on);
    });

    test('a bill from before is known, and the image arrives', async () => {
      await on.advance(HOUR_MS / 6);
      expect(await details(await images(interaction, 1))).toMatch(/Cost 0\.03 coins/);
      expect(charges().slice(before)).toEqual([0.03]);
    });

    test('the question says the latest cost of the same, or what the earlier process has read in the catalog', async () => {
      expect(await question('third foxes', PRO)).toMatch(/about 0\.36 coins in all/);
      // Never made so far.
      expect(await question('larger foxes', { model: 'nano-banana-2', resolution: '4k' })).toMatch(
        /about 0\.18 coins/,
      );
    });
  });
});

test('prices that the host has set override all others, even beside one for a model that is gone, and the bill counts in the end', async () => {
  await startWith({ COST_TABLE: '{"gpt-image-1":0.04,"nano-banana":0.2}', USER_PER_DAY: '0.7' });
  expect(on.bot().log.filter(({ msg }) => msg.includes('COST_TABLE'))).toMatchObject([
    {
      level: 'warn',
      msg: expect.stringMatching(/names gpt-image-1, .+ these prices are not used, and all others are/),
    },
  ]);
  const asking = imagine(on, 'three foxes', { count: 3 });
  const message = await reply(asking, /about 0\.6 coins in all/);
  press(on, message, 'Make 3 images');
  await images(asking, 3);
  expect(charges()).toEqual([0.03, 0.03, 0.03]);
  const refusal = (await imagine(on, 'four foxes', { count: 4 }).response()).message;
  expect(refusal && textOf(refusal)).toMatch(
    /^You may have 0\.7 coins in 24 hours, and this request costs about 0\.8: ask for fewer images/,
  );
});

test('limits in coins count the real cost of images, even across a restart', async () => {
  const env = { LIMIT_UNIT: 'coins', USER_PER_DAY: '0.1' };
  await startWith(env);
  // 0.12 by the catalog.
  expect(await refused('three foxes', 3)).toMatch(
    /^You may have 0\.1 coins in 24 hours, and .* costs about 0\.12: /,
  );
  await imagined(on, 'two foxes', { count: 2 });
  expect(charges()).toEqual([0.03, 0.03]);
  await restart(on, env);
  expect(await refused('two more foxes', 2)).toMatch(
    /^You may have 0\.1 coins in 24 hours: 0\.06 used so far, and this request costs about 0\.06\. There is room for it <t:/,
  );
  await imagined(on, 'a third fox');
  expect(charges()).toEqual([0.03, 0.03, 0.03]);
  await on.advance(DAY_MS);
  await imagined(on, 'foxes of tomorrow', { count: 2 });
  expect(creates(on.jimmyAi)).toHaveLength(5);
});

test('an unreadable catalog makes one line in the log: without a known price, limits in coins still hold until the service bills', async () => {
  on = await startBotOnSandbox({ started: false });
  onTestFinished(() => on.close());
  on.jimmyAi.prices.hasCatalog = false;
  await on.start({ LIMIT_UNIT: 'coins', USER_PER_DAY: '0.6' });
  await until(() => on.bot().log.some(({ msg }) => NOT_READ.test(msg)));
  expect(await refused('two foxes', 2)).toMatch(/costs about 1: /);
  await imagined(on, 'one fox');
  expect(on.bot().log.filter(({ msg }) => NOT_READ.test(msg))).toHaveLength(1);
  expect(charges()).toEqual([0.03]);
  expect(await question('three foxes')).toMatch(/about 0\.09 coins/);
});

async function startWith(env: Record<string, string>): Promise<void> {
  on = await startBotOnSandbox({ env });
  onTestFinished(() => on.close());
  await pricesRead(on);
}

/** The bot's question before it makes three images. */
async function question(prompt: string, settings: object = {}): Promise<string> {
  const options = { prompt, model: 'nano-banana', count: 3, ...settings };
  const interaction = on.discord.interact.command({ name: 'imagine', options });
  return textOf(await reply(interaction, /makes 3 images/));
}

async function refused(prompt: string, count: number): Promise<string> {
  const { message } = await imagine(on, prompt, { count }).response();
  return message ? textOf(message) : '';
}

async function balance(): Promise<string> {
  const { olivia: user } = on.discord.people;
  const asked: Interaction = on.discord.interact.command({
    name: 'balance',
    user,
    channel: on.discord.dm(user),
  });
  return textOf(await reply(asked, /Spent/));
}

async function details(message: Message): Promise<string> {
  const shown = await on.discord.interact.messageMenu({ message, name: 'Image details' }).response();
  return shown.message ? textOf(shown.message) : '';
}

/** The charge of each image, oldest first. */
function charges(): unknown[] {
  return rowsIn(on.databasePath, 'SELECT coins FROM charges ORDER BY task_id').map(({ coins }) => coins);
}
