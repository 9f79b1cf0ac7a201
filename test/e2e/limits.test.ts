import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, stopWaiting, submit } from '../support/buttons.ts';
import { imagine, imagineUnderWay, restart, stored } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { fillRules, openRules, pickRule, roleNamed } from '../support/rules.ts';

/** A person's limits unless the host sets others. */
const DEFAULTS = { USER_RUNNING: '3', USER_WAITING: '10' };
/** So slow that no image is done before the test wants it. */
const NEVER_BY_ITSELF = 0.1;
/** Longer than a slow one takes; three times that is less than a token lives. */
const LONG_ENOUGH_MS = 4 * 60_000;
/** Longer than a token lives. */
const LATER_MS = 20 * 60_000;

let on: BotOnSandbox;
beforeEach(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, started: false });
});
afterEach(() => on.close());

test('of fourteen requests at once, three run, ten wait in line, and the last one is refused with the number', async () => {
  await on.start(DEFAULTS);
  const asked = Array.from({ length: 14 }, (_, index) => imagine(on, `fox ${index}`));
  const refusal = await refused(asked);
  expect(textOf(refusal)).toMatch(/^You already have 10 requests waiting, which is the most allowed/);
  expect(textOf(refusal)).toMatch(/Nothing was started or charged/);
  expect((refusal.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
  for (let place = 1; place <= 10; place += 1) {
    await until(() =>
      asked.some((each) => shows(each, `${ordinal(place)} in line, behind your own requests`)),
    );
  }
  await until(() => creates(on.jimmyAi).length === 3);
  expect(chargesIn(on)).toBe(13);
});

test('they move up as others finish, each is made once, and all arrive', async () => {
  await on.start({ ...DEFAULTS, USER_RUNNING: '1' });
  const asked = await inOrder(['first fox', 'second fox', 'third fox']);
  await until(() => stored(on.databasePath, 'first fox')?.state === 'running');
  await reply(asked[2] as Interaction, /2nd in line/);
  expect(creates(on.jimmyAi).map(({ prompt }) => prompt)).toEqual(['first fox']);
  await finish();
  await image(asked[0] as Interaction);
  await reply(asked[2] as Interaction, /1st in line/);
  await until(() => createsOf(on.jimmyAi, 'second fox').length === 1);
  await finish();
  await image(asked[1] as Interaction);
  await until(() => createsOf(on.jimmyAi, 'third fox').length === 1);
  await finish();
  await image(asked[2] as Interaction);
  expect(creates(on.jimmyAi)).toHaveLength(3);
});

test('when the service is full, another person’s first request goes before one person’s second', async () => {
  const { alice, bob } = on.discord.people;
  await on.start({ SERVICE_TASKS: '1' });
  await imagineUnderWay(on, 'alice’s first', { user: alice });
  const second = imagine(on, 'alice’s second', { user: alice });
  await reply(second, /1st in line$/m);
  const others = imagine(on, 'bob’s first', { user: bob });
  await reply(others, /1st in line$/m);
  await reply(second, /2nd in line$/m);
  await finish();
  await until(() => createsOf(on.jimmyAi, 'bob’s first').length === 1);
  expect(createsOf(on.jimmyAi, 'alice’s second')).toEqual([]);
  await finish();
  await image(others);
  await until(() => createsOf(on.jimmyAi, 'alice’s second').length === 1);
});

test('a restart forgets no running request, no waiting one, and no place in line', async () => {
  await on.start({ USER_RUNNING: '1', USER_WAITING: '2' });
  const first = await imagineUnderWay(on, 'first fox');
  const [second, third] = await inOrder(['second fox', 'third fox']);
  await reply(third as Interaction, /2nd in line/);
  await restart(on, { USER_RUNNING: '1', USER_WAITING: '2' });
  const refusal = (await imagine(on, 'one fox too many').response()).message;
  expect(refusal && textOf(refusal)).toMatch(/You already have 2 requests waiting/);
  expect(await jobs()).toMatch(/⏳ third fox\n-# 2nd in line, behind your own requests · /);
  expect(creates(on.jimmyAi)).toHaveLength(1);
  await finish();
  await image(first);
  await until(() => createsOf(on.jimmyAi, 'second fox').length === 1);
  await reply(third as Interaction, /1st in line/);
  await finish();
  await image(second as Interaction);
  await until(() => createsOf(on.jimmyAi, 'third fox').length === 1);
  await finish();
  await image(third as Interaction);
  expect(creates(on.jimmyAi)).toHaveLength(3);
});

test('a waiting request is cancelled for free, makes room in line, and counts no more', async () => {
  await on.start({ USER_RUNNING: '1', USER_PER_DAY: '3' });
  await imagineUnderWay(on, 'first fox');
  const [second, third] = await inOrder(['second fox', 'third fox']);
  const shown = await reply(second as Interaction, /1st in line/);
  await reply(third as Interaction, /2nd in line/);
  press(on, shown, 'Cancel');
  await reply(second as Interaction, /cancelled before the image service took it. Nothing was charged/);
  await reply(third as Interaction, /1st in line/);
  expect(chargesIn(on)).toBe(2);
  await reply(imagine(on, 'fourth fox'), /2nd in line/);
  expect(createsOf(on.jimmyAi, 'second fox')).toEqual([]);
});

test.each(['in the same process', 'after a restart'])(
  'an image cancelled halfway keeps its place while the service is busy with it, %s',
  async (when) => {
    const env = { USER_RUNNING: '1' };
    await on.start(env);
    const cancelled = await imagineUnderWay(on, 'first fox');
    imagine(on, 'second fox');
    await stopWaiting(on, await reply(cancelled, /Sending|being made|%/));
    await until(() => stored(on.databasePath, 'first fox')?.settledAt);
    if (when === 'after a restart') await restart(on, env);
    await reply(imagine(on, 'third fox'), /2nd in line, behind your own requests/);
    press(on, await reply(cancelled, /can’t be told to stop/), 'Get it anyway');
    await until(() => stored(on.databasePath, 'first fox')?.state === 'running');
    await reply(imagine(on, 'fourth fox'), /3rd in line, behind your own requests/);
    expect(creates(on.jimmyAi)).toHaveLength(1);
    await finish();
    await image(cancelled);
    await until(() => createsOf(on.jimmyAi, 'second fox').length === 1);
  },
);

test('a request that waits for longer than its token lives is still made and shown', async () => {
  await on.start({ USER_RUNNING: '1' });
  on.jimmyAi.misbehave({ kind: 'slow', factor: 8 }, { when: ({ prompt }) => prompt === 'slow fox' });
  await imagineUnderWay(on, 'slow fox');
  const waiting = imagine(on, 'patient fox');
  await reply(waiting, /1st in line/);
  await on.advance(LATER_MS);
  await until(() => createsOf(on.jimmyAi, 'patient fox').length === 1);
  await finish();
  await image(waiting);
});

test('a day’s images count even when nothing runs any more, and the refusal says when they free up', async () => {
  await on.start({ USER_PER_DAY: '2' });
  const first = await imagineUnderWay(on, 'first foxes', { count: 2 });
  await finish();
  await image(first);
  await restart(on, { USER_PER_DAY: '2' });
  const refusal = (await imagine(on, 'third fox').response()).message;
  expect(refusal && textOf(refusal)).toMatch(
    /^You may have 2 images in 24 hours: 2 used so far, and this request is for 1\. There is room for it <t:\d+:R>\./,
  );
  await on.advance(24 * 60 * 60_000);
  await reply(imagine(on, 'third fox'), /./);
  await until(() => createsOf(on.jimmyAi, 'third fox').length === 1);
});

test('a request that can never fit is told so, in everybody’s language', async () => {
  await on.start({ USER_PER_DAY: '2', CONFIRM_ABOVE: '4' });
  const { message } = await imagine(on, 'three foxes', { count: 3 }).response();
  expect(message && textOf(message)).toBe(
    'You may have 2 images in 24 hours, and this request is for 3: ask for fewer. Nothing was started or charged.',
  );
  const chinese = (await imagine(on, 'three foxes', { count: 3, locale: 'zh-CN' }).response()).message;
  expect(chinese && textOf(chinese)).toMatch(
    /24 小时内最多可以生成 2 张图片，而这个请求需要 3 张：请减少数量。/,
  );
});

test('with prices set, coins are counted', async () => {
  await on.start({ USER_PER_DAY: '0.1', COST_TABLE: '{"nano-banana":0.05}' });
  await imagineUnderWay(on, 'two foxes', { count: 2 });
  const { message } = await imagine(on, 'third fox').response();
  expect(message && textOf(message)).toMatch(
    /^You may have 0\.1 coins in 24 hours: 0\.06 used so far, and this request costs about 0\.05\. There is room for it <t:\d+:R>/,
  );
});

test('nothing is fetched or kept for a request that a limit refuses', async () => {
  await on.start({ USER_PER_DAY: '1', CONFIRM_ABOVE: '1' });
  const bytes = await noise(64, 64).png().toBuffer();
  const disguised = { name: 'disguised.png', contentType: 'text/plain', bytes };
  for (const reference of [{ name: 'fox.png', bytes }, disguised]) {
    const options = { prompt: reference.name, model: 'nano-banana', count: 4, reference };
    const { message } = await on.discord.interact.command({ name: 'imagine', options }).response();
    expect(message && textOf(message)).toMatch(/^You may have 1 image in 24 hours/);
    expect(message?.visibleTo).toBe(on.discord.people.alice.id);
  }
  expect(on.discord.fetched).toEqual([]);
});

test('a form that is submitted when a limit is reached keeps its text', async () => {
  await on.start({ USER_PER_DAY: '1' });
  const first = await imagineUnderWay(on, 'first fox');
  await finish();
  const opened = press(on, await image(first), 'Edit prompt');
  const { message } = await (await submit(on, opened, { prompt: 'a long story about a fox' })).response();
  if (!message) throw new Error('there was no answer');
  expect(textOf(message)).toMatch(/^You may have 1 image in 24 hours/);
  await on.advance(24 * 60 * 60_000);
  await submit(on, press(on, message, 'Edit prompt'), {});
  await until(() => createsOf(on.jimmyAi, 'a long story about a fox').length === 1);
});

test('a server’s own limits hold there and nowhere else, and not for roles that it exempts', async () => {
  const { discord } = on;
  const { bob, carol } = discord.people;
  await on.start();
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '1' });
  await imagineUnderWay(on, 'bob’s first', { user: bob });
  const { message } = await imagine(on, 'bob’s second', { user: bob }).response();
  expect(message && textOf(message)).toMatch(
    /^In this server, you may have 1 image in 24 hours: 1 used so far/,
  );
  await imagineUnderWay(on, 'carol’s first', { user: carol });
  await imagineUnderWay(on, 'bob’s elsewhere', { user: bob, channel: discord.dm(bob) });
  await pickRule(on, await openRules(on), 'exemptRoles', roleNamed(on, 'Reporter'));
  await imagineUnderWay(on, 'bob’s as a reporter', { user: bob });
});

test('a server’s own limit of what runs at once lets the next one wait', async () => {
  await on.start();
  await fillRules(on, await openRules(on), 'Server limits', { serverRunning: '1' });
  await imagineUnderWay(on, 'first fox');
  await reply(imagine(on, 'second fox', { user: on.discord.people.bob }), /1st in line in this server/);
  expect(creates(on.jimmyAi)).toHaveLength(1);
});

test('a confirmation pressed when a limit is reached removes the question, and can be tried again later', async () => {
  await on.start({ TOTAL_PER_DAY: '3' });
  const asking = imagine(on, 'three foxes', { count: 3 });
  const question = await reply(asking, /This makes 3 images/);
  await imagineUnderWay(on, 'another fox');
  press(on, question, 'Make 3 images');
  const refusal = await on.besides(/^This bot may make 3 images in 24 hours: 1 used so far/);
  expect(labels(refusal)).toEqual(['Try again', 'Edit prompt', 'Enhance']);
  await until(() => asking.message() === undefined);
  await on.advance(24 * 60 * 60_000);
  await press(on, refusal, 'Try again').response();
  await until(() => createsOf(on.jimmyAi, 'three foxes').length === 3);
});

/** How many images count towards the limits. */
function chargesIn({ databasePath }: BotOnSandbox): number {
  const db = new DatabaseSync(databasePath, { readOnly: true, timeout: 5000 });
  try {
    return Number(db.prepare('SELECT count(*) AS images FROM charges').get()?.images);
  } finally {
    db.close();
  }
}

/** One after the other, so that it is known who came first. */
async function inOrder(prompts: readonly string[]): Promise<Interaction[]> {
  const asked: Interaction[] = [];
  for (const prompt of prompts) {
    asked.push(imagine(on, prompt));
    await until(() => stored(on.databasePath, prompt));
  }
  return asked;
}

/** Lets the service finish all that it has begun. */
function finish(): Promise<void> {
  return on.advance(LONG_ENOUGH_MS);
}

/** The answer to the one that is refused. */
function refused(asked: readonly Interaction[]): Promise<Message> {
  return until(() => {
    const messages = asked.flatMap((each) => each.message() ?? []);
    return messages.find((message) => /which is the most allowed/.test(textOf(message)));
  });
}

function shows(interaction: Interaction, words: string): boolean {
  const message = interaction.message();
  return message !== undefined && textOf(message).includes(words);
}

async function jobs(): Promise<string> {
  const { message } = await on.discord.interact.command({ name: 'jobs' }).response();
  return message ? textOf(message) : '';
}

function ordinal(number: number): string {
  return `${number}${{ 1: 'st', 2: 'nd', 3: 'rd' }[number] ?? 'th'}`;
}
