import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import {
  imagine,
  imagineUnderWay,
  NEVER_BY_ITSELF,
  restart,
  SLOW_ENOUGH_MS,
} from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;

describe('a person who may have two images in a day', () => {
  let dora: User;
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env: { USER_PER_DAY: '2' } });
  });
  beforeEach(() => {
    dora = on.newPerson();
  });
  afterAll(() => on.close());

  test('a day’s images count even when nothing runs any more, and the refusal says when they free up', async () => {
    const first = await imagineUnderWay(on, 'first foxes', { count: 2, user: dora });
    await on.advance(SLOW_ENOUGH_MS);
    await images(first, 2);
    await restart(on);
    const refusal = (await imagine(on, 'third fox', { user: dora }).response()).message;
    expect(refusal && textOf(refusal)).toMatch(
      /^You may have 2 images in 24 hours: 2 used so far, and this request is for 1\. There is room for it <t:\d+:R>\./,
    );
    await on.advance(DAY_MS);
    await reply(imagine(on, 'third fox', { user: dora }), /./);
    await until(() => createsOf(on.jimmyAi, 'third fox').length === 1);
  });

  test('a request that can never fit is told so, in everybody’s language', async () => {
    const asking = { count: 3, user: dora };
    const { message } = await imagine(on, 'three foxes', asking).response();
    expect(message && textOf(message)).toBe(
      'You may have 2 images in 24 hours, and this request is for 3: ask for fewer. Nothing was started or charged.',
    );
    const chinese = (await imagine(on, 'three foxes', { ...asking, locale: 'zh-CN' }).response()).message;
    expect(chinese && textOf(chinese)).toMatch(
      /24 小时内最多可以生成 2 张图片，而这个请求需要 3 张：请减少数量。/,
    );
  });

  test('nothing is fetched or kept for a request that a limit refuses', async () => {
    const bytes = await noise(64, 64).png().toBuffer();
    const disguised = { name: 'disguised.png', contentType: 'text/plain', bytes };
    const before = on.discord.fetched.length;
    for (const reference of [{ name: 'fox.png', bytes }, disguised]) {
      const options = { prompt: reference.name, model: 'nano-banana', count: 4, reference };
      const asking = on.discord.interact.command({ name: 'imagine', options, user: dora });
      const { message } = await asking.response();
      expect(message && textOf(message)).toMatch(/^You may have 2 images in 24 hours/);
      expect(message?.visibleTo).toBe(dora.id);
    }
    expect(on.discord.fetched).toHaveLength(before);
  });

  test('a form that is submitted when a limit is reached keeps its text', async () => {
    const first = await imagineUnderWay(on, 'two foxes to change', { count: 2, user: dora });
    await on.advance(SLOW_ENOUGH_MS);
    const opened = press(on, await images(first, 2), 'Edit prompt', dora);
    const { message } = await (await submit(on, opened, { prompt: 'a long story about a fox' })).response();
    if (!message) throw new Error('there was no answer');
    expect(textOf(message)).toMatch(/^You may have 2 images in 24 hours/);
    await on.advance(DAY_MS);
    await submit(on, press(on, message, 'Edit prompt', dora), {});
    await until(() => createsOf(on.jimmyAi, 'a long story about a fox').length > 0);
  });
});

test('with prices set, coins are counted', async () => {
  await startWith({ USER_PER_DAY: '0.1', COST_TABLE: '{"nano-banana":0.05}' });
  await imagineUnderWay(on, 'two foxes', { count: 2 });
  const { message } = await imagine(on, 'third fox').response();
  expect(message && textOf(message)).toMatch(
    /^You may have 0\.1 coins in 24 hours: 0\.06 used so far, and this request costs about 0\.05\. There is room for it <t:\d+:R>/,
  );
});

test('a confirmation pressed when a limit is reached removes the question, and can be tried again later', async () => {
  await startWith({ TOTAL_PER_DAY: '3' });
  const asking = imagine(on, 'three foxes', { count: 3 });
  const question = await reply(asking, /This makes 3 images/);
  await imagineUnderWay(on, 'another fox');
  press(on, question, 'Make 3 images');
  const refusal = await on.besides(/^This bot may make 3 images in 24 hours: 1 used so far/);
  expect(labels(refusal)).toEqual(['Try again', 'Edit prompt', 'Enhance']);
  await until(() => asking.message() === undefined);
  await on.advance(DAY_MS);
  await press(on, refusal, 'Try again').response();
  await until(() => createsOf(on.jimmyAi, 'three foxes').length === 3);
});

async function startWith(env: Record<string, string>): Promise<void> {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env });
  onTestFinished(() => on.close());
}
