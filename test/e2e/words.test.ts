import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
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
import { imagined, imagineUnderWay } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';
import { noise } from '../support/pictures.ts';
import { answer } from '../support/rules.ts';

const PROMPT = 'a fox to enhance';

/** The tools that answer with words: how they are asked, and what they say. */
const TOOLS = [
  {
    name: 'Enhance',
    ask: async (user: User) => enhance(PROMPT, user),
    says: /Enhanced prompt\n.*golden hour/,
    next: ['Make it', 'Edit prompt', 'Use mine'],
    withoutAnswer: ['Try again', 'Use mine', 'Edit prompt'],
  },
  {
    name: 'Describe',
    ask: async (user: User) => describeMessage(await post(), user),
    says: /A landscape of 60 × 40 pixels/,
    next: ['Imagine this'],
    withoutAnswer: ['Try again'],
  },
] as const;
type Tool = (typeof TOOLS)[number];

/** Longer than the slow image of these tests takes, and shorter than a token lives. */
const LONG_ENOUGH_MS = 10 * 60_000;

let on: BotOnSandbox;

describe('for people who may run one at once, and two in a day', () => {
  let user: User;
  let callsBefore: number;
  beforeAll(async () => {
    on = await startBotOnSandbox({
      env: { USER_RUNNING: '1', USER_PER_DAY: '2' },
    });
  });
  beforeEach(() => {
    user = on.newPerson();
    callsBefore = on.jimmyAi.toolCalls.length;
  });
  afterAll(() => on.close());

  function newCalls(): number {
    return on.jimmyAi.toolCalls.length - callsBefore;
  }

  test.each(TOOLS)('$name counts towards the limit per day', async (tool) => {
    for (const _ of ['first', 'second']) await reply(await tool.ask(user), tool.says);
    await reply(await tool.ask(user), /You may have 2 images in 24 hours: 2 used so far/);
    expect(newCalls()).toBe(2);
  });

  test.each(TOOLS)('$name can be cancelled in line, which costs nothing', async (tool) => {
    const asking = await behindSlowFox(tool, user);
    const inLine = await reply(asking, /1st in line/);
    expect(inLine.flags).toBe(MessageFlags.Ephemeral);
    press(on, inLine, 'Cancel', user);
    await reply(asking, /cancelled before.*Nothing was charged/s);
    expect(
      query("SELECT 1 FROM charges WHERE user_id = ? AND model IN ('describe', 'enhance')", user.id),
    ).toEqual([]);
    expect(newCalls()).toBe(0);
  });

  test('they come from the image that they are about, and stand in /jobs, and images alone in /history', async () => {
    const first = await imagined(on, 'a fox to describe', { user });
    await reply(describeMessage(first, user), /A landscape of/);
    const [{ id } = { id: null }] = query(
      "SELECT id FROM generations WHERE prompt = 'a fox to describe' AND tool IS NULL",
    );
    expect(
      query(
        "SELECT prompt, parent_id, private FROM generations WHERE user_id = ? AND tool = 'describe'",
        user.id,
      ),
    ).toEqual([{ prompt: 'a fox to describe', parent_id: id, private: 1 }]);
    const jobs = textOf(await answer(on.discord.interact.command({ name: 'jobs', user })));
    expect(jobs).toMatch(/a fox to describe\n-# Describe · /);
    const history = textOf(await reply(on.discord.interact.command({ name: 'history', user }), /fox/));
    expect(history.match(/a fox to describe/g)).toHaveLength(1);
  });

  test('an answer that could not be shown anywhere is kept, and shown by /jobs', async () => {
    on.discord.faults.closeDirectMessages(user);
    const asking = enhance(PROMPT, user);
    const mend = refuseEdits(asking);
    await until(() => taskOf(user)?.state === 'completed');
    on.discord.faults.expireToken(asking);
    mend();
    await until(() => taskOf(user)?.state === 'undeliverable');
    const jobs = await answer(on.discord.interact.command({ name: 'jobs', user }));
    const [send = ''] = labels(jobs);
    await reply(press(on, jobs, send, user), TOOLS[0].says);
    expect(newCalls()).toBe(1);
  });

  test('they are in the export, and gone once everything is deleted', async () => {
    for (const { ask, says } of TOOLS) await reply(await ask(user), says);
    const ids = () => query('SELECT id FROM generations WHERE user_id = ?', user.id).map(({ id }) => `${id}`);
    const asked = ids();
    expect(asked).toHaveLength(TOOLS.length);
    await until(
      () => query('SELECT 1 FROM generations WHERE user_id = ? AND settled_at IS NULL', user.id).length === 0,
    );
    const privacy = await answer(on.discord.interact.command({ name: 'privacy', user }));
    const file = await image(press(on, privacy, 'Export as JSON', user));
    const exported = JSON.stringify(await exportedData(file));
    for (const words of ['golden hour', 'A landscape of', '"enhance"', '"describe"'])
      expect(exported).toContain(words);
    const question = await answer(press(on, privacy, 'Delete everything', user));
    await press(on, question, 'Yes, delete everything', user).response();
    await until(() => ids().length === 0);
    for (const id of asked) expect(query('SELECT 1 FROM tasks WHERE generation_id = ?', id)).toEqual([]);
    expect(query('SELECT 1 FROM drafts WHERE user_id = ?', user.id)).toEqual([]);
  });
});

describe('after kill -9', () => {
  /** One person with one request for each tool, as it was when the process died. */
  interface Asked {
    readonly user: User;
    readonly asking: Interaction;
  }
  const beingSent = new Map<Tool, Asked>();
  const answered = new Map<Tool, Asked>();
  const inLine = new Map<Tool, Asked>();
  let shown: { user: User; message: Message };
  let callsBefore: number;
  beforeAll(async () => {
    on = await startBotOnSandbox({ env: { USER_RUNNING: '1' } });
    const enhancing = on.newPerson();
    shown = { user: enhancing, message: await reply(enhance(PROMPT, enhancing), TOOLS[0].says) };
    const mends: (() => void)[] = [];
    for (const tool of TOOLS) {
      const user = on.newPerson();
      const asking = await tool.ask(user);
      mends.push(refuseEdits(asking));
      await until(() => taskOf(user)?.state === 'completed');
      answered.set(tool, { user, asking });
    }
    for (const tool of TOOLS) {
      const user = on.newPerson();
      const calls = on.jimmyAi.toolCalls.length;
      on.jimmyAi.misbehave({ kind: 'hang', at: 'tool', made: true });
      beingSent.set(tool, { user, asking: await tool.ask(user) });
      await until(() => on.jimmyAi.toolCalls.length > calls);
      expect(taskOf(user)).toMatchObject({ state: 'submitting', answer: null });
    }
    for (const tool of TOOLS) {
      const user = on.newPerson();
      const asking = await behindSlowFox(tool, user);
      await reply(asking, /in line/);
      inLine.set(tool, { user, asking });
    }
    callsBefore = on.jimmyAi.toolCalls.length;
    for (const { user } of answered.values())
      expect(taskOf(user)).toMatchObject({
        state: 'completed',
        answer: expect.stringMatching(/golden hour|landscape/),
      });
    await on.bot().stop('SIGKILL');
    for (const mend of mends) mend();
    await on.start();
  });
  afterAll(() => on.close());

  test.each(TOOLS)('$name that was being sent is not asked again by itself', async (tool) => {
    const { user, asking } = of(beingSent, tool);
    const ended = await reply(asking, /may or may not have been charged/);
    expect(labels(ended)).toEqual(tool.withoutAnswer);
    expect(taskOf(user)).toMatchObject({ state: 'unconfirmed' });
  });

  test.each(TOOLS)('$name that was answered is shown', async (tool) => {
    expect(labels(await reply(of(answered, tool).asking, tool.says))).toEqual(tool.next);
  });

  test('none of them costs anything again, and what stood in line waits for its turn', () => {
    expect(on.jimmyAi.toolCalls).toHaveLength(callsBefore);
  });

  test('what stood in line is asked once it is its turn', async () => {
    await on.advance(LONG_ENOUGH_MS);
    for (const tool of TOOLS) await reply(of(inLine, tool).asking, tool.says);
    expect(on.jimmyAi.toolCalls).toHaveLength(callsBefore + TOOLS.length);
  });

  test.each(TOOLS)('$name that was being sent is asked again on demand', async (tool) => {
    const { user, asking } = of(beingSent, tool);
    const calls = on.jimmyAi.toolCalls.length;
    const again = await reply(press(on, await reply(asking, /./), 'Try again', user), tool.says);
    expect(again.flags).toBe(MessageFlags.Ephemeral);
    expect(on.jimmyAi.toolCalls).toHaveLength(calls + 1);
  });

  test('what was shown can be gone on with', async () => {
    await image(press(on, shown.message, 'Make it', shown.user));
    expect(createsOf(on.jimmyAi, `${PROMPT}, golden hour, shallow depth of field, film grain`)).toHaveLength(
      1,
    );
  });

  function of(asked: Map<Tool, Asked>, tool: Tool): Asked {
    const found = asked.get(tool);
    if (!found) throw new Error(`${tool.name} was not asked`);
    return found;
  }
});

describe('where coins are limited', () => {
  let user: User;
  beforeAll(async () => {
    const COST_TABLE = JSON.stringify({ enhance: 0.01, 'nano-banana': 0.01 });
    on = await startBotOnSandbox({ env: { USER_PER_DAY: '0.03', LIMIT_UNIT: 'coins', COST_TABLE } });
  });
  beforeEach(() => {
    user = on.newPerson();
  });
  afterAll(() => on.close());

  test('what they cost stands in /balance, and what the service refused does not', async () => {
    on.jimmyAi.misbehave({ kind: 'error-code', code: '20002', msg: 'no such picture', at: 'tool' });
    await reply(await TOOLS[1].ask(user), /refused the request\. Nothing was charged/);
    expect(await balance()).toMatch(/Nothing was asked for/);
    for (const { ask, says } of TOOLS) await reply(await ask(user), says);
    const text = await balance();
    expect(text).toMatch(/\nEnhance · 1 answer · 0\.01 coins\n/);
    expect(text).toMatch(/\nDescribe · 1 answer · 0\.02 coins\n/);
    expect(text).toMatch(/\nEverything · 2 images and answers · 0\.03 coins\n/);
  });

  test('each counts what the host says that it costs, or else what it costs at most', async () => {
    const callsBefore = on.jimmyAi.toolCalls.length;
    for (const { ask, says } of TOOLS) await reply(await ask(user), says);
    expect(query('SELECT model, kind, coins FROM charges WHERE user_id = ? ORDER BY coins', user.id)).toEqual(
      [
        { model: 'enhance', kind: 'enhance', coins: 0.01 },
        { model: 'describe', kind: 'describe', coins: 0.02 },
      ],
    );
    await reply(await TOOLS[1].ask(user), /0\.03 coins in 24 hours: 0\.03 used so far/);
    expect(on.jimmyAi.toolCalls).toHaveLength(callsBefore + 2);
  });
});

/** Asks while the only image that the person may run at once is being made. */
async function behindSlowFox(tool: Tool, user: User): Promise<Interaction> {
  on.jimmyAi.misbehave({ kind: 'slow', factor: 10_000 });
  await imagineUnderWay(on, `a slow fox of ${user.username}, who waits for ${tool.name}`, { user });
  return tool.ask(user);
}

/** Lets Discord accept no edit of a reply, until the returned function is called. */
function refuseEdits({ token }: Interaction): () => void {
  return on.discord.faults.rest({ method: 'PATCH', route: new RegExp(token), status: 500, times: 10_000 });
}

function enhance(prompt: string, user: User): Interaction {
  const options = { prompt, model: 'nano-banana', enhance: true };
  return on.discord.interact.command({ name: 'imagine', options, user });
}

function describeMessage(message: Message, user: User): Interaction {
  return on.discord.interact.messageMenu({ message, name: 'Describe', user });
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

/** A person's newest task. */
function taskOf({ id }: User) {
  return query(
    'SELECT tasks.* FROM tasks JOIN generations ON generations.id = generation_id WHERE user_id = ? ORDER BY tasks.id DESC LIMIT 1',
    id,
  )[0];
}

function query(sql: string, ...values: string[]) {
  return rowsIn(on.databasePath, sql, ...values);
}
