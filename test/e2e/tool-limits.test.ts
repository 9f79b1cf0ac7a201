import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
  uploadsTo,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { imagined, imagineUnderWay, restart } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';
import { noise } from '../support/pictures.ts';
import { pricesRead } from '../support/prices.ts';
import { answer, openRules, pickRule, resetRules } from '../support/rules.ts';

let on: BotOnSandbox;

describe('one image at once, and two in a day', () => {
  let user: User;
  beforeAll(async () => {
    on = await startBotOnSandbox({ env: { USER_RUNNING: '1', USER_PER_DAY: '2' } });
  });
  beforeEach(() => {
    user = on.newPerson();
  });
  afterAll(() => on.close());

  test('a tool counts towards the limit per day, and its question stays where that is used up', async () => {
    const asked = await answer(upscale(await post(), user));
    await imagined(on, 'a fox of today', { user });
    await image(press(on, await answer(upscale(await post(), user)), '×2 · 120 × 80', user));
    const refused = await answer(press(on, asked, '×2 · 120 × 80', user));
    expect(refused.id).toBe(asked.id);
    expect(textOf(refused)).toMatch(/You may have 2 images in 24 hours: 2 used so far/);
    expect(labels(refused)).toEqual(labels(asked));
    expect(textOf(await answer(upscale(await post(), user)))).toMatch(/You may have 2 images in 24 hours/);
    expect(on.jimmyAi.toolCalls).toHaveLength(1);
    await on.advance(25 * 60 * 60_000);
    await image(press(on, asked, '×2 · 120 × 80', user));
  });

  test('a tool stands in line like any other request, and can be cancelled there', async () => {
    const before = on.jimmyAi.toolCalls.length;
    on.jimmyAi.misbehave({ kind: 'slow', factor: 10_000 });
    const asked = await answer(upscale(await post(), user));
    await imagineUnderWay(on, 'a slow fox', { user });
    const waiting = press(on, asked, '×2 · 120 × 80', user);
    const inLine = await reply(waiting, /1st in line/);
    expect(labels(inLine)).toEqual(['Cancel']);
    press(on, inLine, 'Cancel', user);
    const over = await reply(waiting, /cancelled before.*Nothing was charged/s);
    expect(labels(over)).toEqual(['Try again', 'Delete']);
    expect(on.jimmyAi.toolCalls).toHaveLength(before);
  });

  test('a tool that the server has switched off says so, from every way to it', async () => {
    const before = on.jimmyAi.toolCalls.length;
    const first = await imagined(on, 'a fox to keep small', { user });
    const asked = await answer(press(on, first, 'Upscale', user));
    await pickRule(on, await openRules(on), 'refusedTools', 'upscale');
    const says = /This server doesn’t allow “Upscale”/;
    for (const way of [
      press(on, first, 'Upscale', user),
      upscale(await post(), user),
      press(on, asked, labels(asked)[0] ?? '', user),
    ])
      expect(textOf(await answer(way))).toMatch(says);
    expect(on.jimmyAi.toolCalls).toHaveLength(before);
    await resetRules(on);
  });

  test('a tool that the host no longer offers has no button, and an old one says so', async () => {
    const first = await imagined(on, 'a fox from before', { user });
    await restart(on, { TOOLS: 'none' });
    expect(textOf(await answer(press(on, first, 'Upscale', user)))).toBe(
      '“Upscale” isn’t offered here any more.',
    );
    expect(labels(await imagined(on, 'a fox from after', { user }))).not.toContain('Upscale');
  });
});

describe('where coins are limited', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ env: { USER_PER_DAY: '0.05', LIMIT_UNIT: 'coins' } });
    await pricesRead(on);
  });
  afterAll(() => on.close());

  test('a tool counts what it costs', async () => {
    for (let time = 1; time <= 2; time += 1)
      await image(press(on, await answer(upscale(await post())), '×2 · 120 × 80'));
    expect(query('SELECT model, kind, coins FROM charges')).toEqual([
      { model: 'upscale', kind: 'upscale', coins: 0.02 },
      { model: 'upscale', kind: 'upscale', coins: 0.02 },
    ]);
    expect(textOf(await answer(upscale(await post())))).toMatch(/0\.05 coins in 24 hours: 0\.04 used so far/);
  });

  test('a tool that waits while the bot moves to a service without tools costs nothing there', async () => {
    const user = on.newPerson();
    const { apiKey, baseUrl } = on.jimmyAi;
    const calls = on.jimmyAi.toolCalls.length;
    const uploads = uploadsTo(on.jimmyAi);
    on.jimmyAi.misbehave({ kind: 'hang', at: 'upload' });
    const unsent = press(on, await answer(upscale(await post(), user)), '×2 · 120 × 80', user);
    await until(() => uploadsTo(on.jimmyAi) > uploads);
    const env = { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: `${baseUrl}/v1`, OPENAI_MODELS: 'gpt-image-2' };
    // Which tells no prices.
    const COST_TABLE = JSON.stringify({ 'gpt-image-2': 0.01 });
    await restart(on, { IMAGE_API: 'openai', COST_TABLE, ...env });
    const ended = await reply(unsent, /doesn’t offer this.*Nothing was charged/s);
    expect(labels(ended)).toEqual(['Delete']);
    expect(on.jimmyAi.tasks).toEqual([]);
    expect(on.jimmyAi.toolCalls).toHaveLength(calls);
  });
});

function upscale(message: Message, user: User = on.discord.people.alice): Interaction {
  return on.discord.interact.messageMenu({ message, name: 'Upscale', user });
}

async function post(): Promise<Message> {
  const bytes = await noise(60, 40).png().toBuffer();
  const { bob } = on.discord.people;
  return on.discord.say({ user: bob, channel: on.discord.channel, files: [{ name: 'owl.png', bytes }] });
}

function query(sql: string): unknown[] {
  return rowsIn(on.databasePath, sql);
}
