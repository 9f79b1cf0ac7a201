import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { exportedData } from '../support/exported-data.ts';
import { imagined, imagineUnderWay, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { answer } from '../support/rules.ts';

const PROMPT = 'a fox to enhance';

/** The tools that answer with words: how they are asked, and what they say. */
const TOOLS = [
  {
    name: 'Enhance',
    ask: async () => enhance(PROMPT),
    says: /Enhanced prompt\n.*golden hour/,
    next: ['Make it', 'Edit prompt', 'Use mine'],
    withoutAnswer: ['Try again', 'Use mine', 'Edit prompt'],
  },
  {
    name: 'Describe',
    ask: async () => describeMessage(await post()),
    says: /A landscape of 60 × 40 pixels/,
    next: ['Imagine this'],
    withoutAnswer: ['Try again'],
  },
] as const;

const SLOW = { timeout: 60_000 };
/** Longer than the slow image of these tests takes, and shorter than a token lives. */
const LONG_ENOUGH_MS = 10 * 60_000;

let on: BotOnSandbox;
beforeEach(async () => {
  on = await startBotOnSandbox({ started: false });
});
afterEach(() => on.close());

describe('after kill -9', () => {
  test('what stood in line is asked once it is its turn', SLOW, async () => {
    await on.start({ USER_RUNNING: '1' });
    on.jimmyAi.misbehave({ kind: 'slow', factor: 10_000 });
    await imagineUnderWay(on, 'a slow fox');
    const waiting: Interaction[] = [];
    for (const { ask } of TOOLS) waiting.push(await ask());
    await Promise.all(waiting.map((each) => reply(each, /in line/)));
    await restart(on, { USER_RUNNING: '1' });
    expect(on.jimmyAi.toolCalls).toEqual([]);
    await on.advance(LONG_ENOUGH_MS);
    for (const [index, { says }] of TOOLS.entries()) await reply(waiting[index] as Interaction, says);
    expect(on.jimmyAi.toolCalls).toHaveLength(TOOLS.length);
  });

  test.each(TOOLS)('$name that was being sent is not asked again by itself', SLOW, async (tool) => {
    await on.start();
    on.jimmyAi.misbehave({ kind: 'hang', at: 'tool', made: true });
    const asking = await tool.ask();
    await until(() => on.jimmyAi.toolCalls.length === 1);
    expect(task()).toMatchObject({ state: 'submitting', answer: null });
    await restart(on);
    const ended = await reply(asking, /may or may not have been charged/);
    expect(labels(ended)).toEqual(tool.withoutAnswer);
    expect(task()).toMatchObject({ state: 'unconfirmed' });
    expect(on.jimmyAi.toolCalls).toHaveLength(1);
    const again = await reply(press(on, ended, 'Try again'), tool.says);
    expect(again.flags).toBe(MessageFlags.Ephemeral);
    expect(on.jimmyAi.toolCalls).toHaveLength(2);
  });

  test.each(TOOLS)('$name that was answered is shown, and costs nothing again', SLOW, async (tool) => {
    await on.start();
    const mend = on.discord.faults.rest({ method: 'PATCH', status: 500, times: 10_000 });
    const asking = await tool.ask();
    await until(() => task()?.state === 'completed');
    expect(task()).toMatchObject({ answer: expect.stringMatching(/golden hour|landscape/) });
    await on.bot().stop('SIGKILL');
    mend();
    await on.start();
    expect(labels(await reply(asking, tool.says))).toEqual(tool.next);
    expect(on.jimmyAi.toolCalls).toHaveLength(1);
  });

  test('what was shown can be gone on with', SLOW, async () => {
    await on.start();
    const shown = await reply(enhance(PROMPT), TOOLS[0].says);
    await restart(on);
    await image(press(on, shown, 'Make it'));
    expect(createsOf(on.jimmyAi, `${PROMPT}, golden hour, shallow depth of field, film grain`)).toHaveLength(
      1,
    );
  });
});

describe('at the limits', () => {
  test.each(TOOLS)('$name counts towards the limit per day', async (tool) => {
    await on.start({ USER_PER_DAY: '1' });
    await reply(await tool.ask(), tool.says);
    await reply(await tool.ask(), /You may have 1 image in 24 hours: 1 used so far/);
    expect(on.jimmyAi.toolCalls).toHaveLength(1);
  });

  test('in coins it counts what the host says that it costs, or else what it costs at most', async () => {
    const COST_TABLE = JSON.stringify({ enhance: 0.01, 'nano-banana': 0.01 });
    await on.start({ USER_PER_DAY: '0.03', LIMIT_UNIT: 'coins', COST_TABLE });
    for (const { ask, says } of TOOLS) await reply(await ask(), says);
    expect(query('SELECT model, kind, coins FROM charges ORDER BY coins')).toEqual([
      { model: 'enhance', kind: 'enhance', coins: 0.01 },
      { model: 'describe', kind: 'describe', coins: 0.02 },
    ]);
    await reply(await TOOLS[1].ask(), /0\.03 coins in 24 hours: 0\.03 used so far/);
    expect(on.jimmyAi.toolCalls).toHaveLength(2);
  });

  test.each(TOOLS)('$name can be cancelled in line, which costs nothing', SLOW, async (tool) => {
    await on.start({ USER_RUNNING: '1' });
    on.jimmyAi.misbehave({ kind: 'slow', factor: 10_000 });
    await imagineUnderWay(on, 'a slow fox');
    const asking = await tool.ask();
    const inLine = await reply(asking, /1st in line/);
    expect(inLine.flags).toBe(MessageFlags.Ephemeral);
    press(on, inLine, 'Cancel');
    await reply(asking, /cancelled before.*Nothing was charged/s);
    expect(query("SELECT 1 FROM charges WHERE model IN ('describe', 'enhance')")).toEqual([]);
    expect(on.jimmyAi.toolCalls).toEqual([]);
  });
});

test('what they cost stands in /balance, and what the service refused does not', async () => {
  await on.start({ COST_TABLE: JSON.stringify({ enhance: 0.002 }) });
  on.jimmyAi.misbehave({ kind: 'error-code', code: '20002', msg: 'no such picture', at: 'tool' });
  await reply(await TOOLS[1].ask(), /refused the request\. Nothing was charged/);
  expect(await balance()).toMatch(/Nothing was asked for/);
  for (const { ask, says } of TOOLS) await reply(await ask(), says);
  const text = await balance();
  expect(text).toMatch(/\nEnhance · 1 answer · 0\.002 coins\n/);
  expect(text).toMatch(/\nDescribe · 1 answer · 0\.02 coins\n/);
  expect(text).toMatch(/\nEverything · 2 images and answers · 0\.022 coins\n/);
});

test('they come from the image that they are about, and stand in /jobs, and images alone in /history', async () => {
  await on.start();
  const first = await imagined(on, 'a fox to describe');
  await reply(describeMessage(first), /A landscape of/);
  const [{ id } = { id: null }] = query(
    "SELECT id FROM generations WHERE prompt = 'a fox to describe' AND tool IS NULL",
  );
  expect(query("SELECT prompt, parent_id, private FROM generations WHERE tool = 'describe'")).toEqual([
    { prompt: 'a fox to describe', parent_id: id, private: 1 },
  ]);
  const jobs = textOf(await answer(on.discord.interact.command({ name: 'jobs' })));
  expect(jobs).toMatch(/a fox to describe\n-# Describe · /);
  const history = textOf(await reply(on.discord.interact.command({ name: 'history' }), /fox/));
  expect(history.match(/a fox to describe/g)).toHaveLength(1);
});

test('an answer that could not be shown anywhere is kept, and shown by /jobs', SLOW, async () => {
  await on.start();
  const { alice } = on.discord.people;
  on.discord.faults.closeDirectMessages(alice);
  const mend = on.discord.faults.rest({ method: 'PATCH', status: 500, times: 10_000 });
  const asking = enhance(PROMPT);
  await until(() => task()?.state === 'completed');
  on.discord.faults.expireToken(asking);
  mend();
  await until(() => task()?.state === 'undeliverable');
  const jobs = await answer(on.discord.interact.command({ name: 'jobs' }));
  const [send = ''] = labels(jobs);
  await reply(press(on, jobs, send), TOOLS[0].says);
  expect(on.jimmyAi.toolCalls).toHaveLength(1);
});

test('they are in the export, and gone once everything is deleted', SLOW, async () => {
  await on.start();
  for (const { ask, says } of TOOLS) await reply(await ask(), says);
  await until(() => query('SELECT 1 FROM generations WHERE settled_at IS NULL').length === 0);
  const privacy = await answer(on.discord.interact.command({ name: 'privacy' }));
  const exported = JSON.stringify(await exportedData(await image(press(on, privacy, 'Export as JSON'))));
  for (const words of ['golden hour', 'A landscape of', '"enhance"', '"describe"'])
    expect(exported).toContain(words);
  const asked = await answer(press(on, privacy, 'Delete everything'));
  await press(on, asked, 'Yes, delete everything').response();
  await until(() => query('SELECT 1 FROM generations').length === 0);
  expect(query('SELECT 1 FROM tasks UNION ALL SELECT 1 FROM drafts')).toEqual([]);
});

function enhance(prompt: string): Interaction {
  const options = { prompt, model: 'nano-banana', enhance: true };
  return on.discord.interact.command({ name: 'imagine', options });
}

function describeMessage(message: Message): Interaction {
  return on.discord.interact.messageMenu({ message, name: 'Describe' });
}

async function post(): Promise<Message> {
  const bytes = await noise(60, 40).png().toBuffer();
  const { bob } = on.discord.people;
  return on.discord.say({ user: bob, channel: on.discord.channel, files: [{ name: 'owl.png', bytes }] });
}

async function balance(): Promise<string> {
  const { olivia: user } = on.discord.people;
  const asked = on.discord.interact.command({ name: 'balance', user, channel: on.discord.dm(user) });
  return textOf(await reply(asked, /Spent/));
}

/** The newest task. */
function task() {
  return query('SELECT * FROM tasks ORDER BY id DESC LIMIT 1')[0];
}

function query(sql: string) {
  const db = new DatabaseSync(on.databasePath, { readOnly: true, timeout: 5000 });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
