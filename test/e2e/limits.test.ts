import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
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
import { press, stopWaiting } from '../support/buttons.ts';
import {
  imagine,
  imagineUnderWay,
  NEVER_BY_ITSELF,
  restart,
  SLOW_ENOUGH_MS,
  stored,
} from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';

/** A person's limits unless the host sets others. */
const DEFAULTS = { USER_RUNNING: '3', USER_WAITING: '10' };
const ONE_AT_ONCE = { USER_RUNNING: '1', USER_WAITING: '3' };
/** Longer than a token lives. */
const LATER_MS = 20 * 60_000;

let on: BotOnSandbox;

describe('a person who may have one made at once', () => {
  let dora: User;
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env: ONE_AT_ONCE });
  });
  beforeEach(() => {
    dora = on.newPerson();
  });
  afterAll(() => on.close());

  test('requests move up as others finish, each is made once, and all arrive', async () => {
    const prompts = ['first fox', 'second fox', 'third fox'];
    const asked = await inOrder(dora, prompts);
    await until(() => stored(on.databasePath, 'first fox')?.state === 'running');
    await reply(asked[2] as Interaction, /2nd in line/);
    expect(prompts.flatMap((prompt) => createsOf(on.jimmyAi, prompt))).toMatchObject([
      { prompt: 'first fox' },
    ]);
    await finish();
    await image(asked[0] as Interaction);
    await reply(asked[2] as Interaction, /1st in line/);
    await until(() => createsOf(on.jimmyAi, 'second fox').length === 1);
    await finish();
    await image(asked[1] as Interaction);
    await until(() => createsOf(on.jimmyAi, 'third fox').length === 1);
    await finish();
    await image(asked[2] as Interaction);
    expect(prompts.flatMap((prompt) => createsOf(on.jimmyAi, prompt))).toHaveLength(3);
  });

  test('a waiting request is cancelled for free, makes room in line, and counts no more', async () => {
    await imagineUnderWay(on, 'first owl', { user: dora });
    const [second, third] = await inOrder(dora, ['second owl', 'third owl']);
    const shown = await reply(second as Interaction, /1st in line/);
    await reply(third as Interaction, /2nd in line/);
    press(on, shown, 'Cancel', dora);
    await reply(second as Interaction, /cancelled before the image service took it. Nothing was charged/);
    await reply(third as Interaction, /1st in line/);
    expect(chargesOf(dora)).toBe(2);
    await reply(imagine(on, 'fourth owl', { user: dora }), /2nd in line/);
    expect(createsOf(on.jimmyAi, 'second owl')).toEqual([]);
  });

  test.each(['in the same process', 'after a restart'])(
    'an image cancelled halfway keeps its place while the service is busy with it, %s',
    async (when) => {
      const user = dora;
      const cancelled = await imagineUnderWay(on, `first hare ${when}`, { user });
      imagine(on, `second hare ${when}`, { user });
      await stopWaiting(on, await reply(cancelled, /Sending|being made|%/), user);
      await until(() => stored(on.databasePath, `first hare ${when}`)?.settledAt);
      if (when === 'after a restart') await restart(on);
      await reply(imagine(on, `third hare ${when}`, { user }), /2nd in line, behind your own requests/);
      press(on, await reply(cancelled, /can’t be told to stop/), 'Get it anyway', user);
      await until(() => stored(on.databasePath, `first hare ${when}`)?.state === 'running');
      await reply(imagine(on, `fourth hare ${when}`, { user }), /3rd in line, behind your own requests/);
      for (const number of ['second', 'third', 'fourth'])
        expect(createsOf(on.jimmyAi, `${number} hare ${when}`)).toEqual([]);
      expect(createsOf(on.jimmyAi, `first hare ${when}`)).toHaveLength(1);
      await finish();
      await image(cancelled);
      await until(() => createsOf(on.jimmyAi, `second hare ${when}`).length === 1);
    },
  );

  test('a restart forgets no running request, no waiting one, and no place in line', async () => {
    const prompts = ['first bear', 'second bear', 'third bear', 'fourth bear'];
    const asked = await inOrder(dora, prompts);
    await until(() => stored(on.databasePath, 'first bear')?.messageId);
    await reply(asked[3] as Interaction, /3rd in line/);
    await restart(on);
    const refusal = (await imagine(on, 'one bear too many', { user: dora }).response()).message;
    expect(refusal && textOf(refusal)).toMatch(/You already have 3 requests waiting/);
    expect(await jobsOf(dora)).toMatch(/⏳ fourth bear\n-# 3rd in line, behind your own requests · /);
    expect(prompts.flatMap((prompt) => createsOf(on.jimmyAi, prompt))).toHaveLength(1);
    for (const [place, prompt] of prompts.entries()) {
      await until(() => createsOf(on.jimmyAi, prompt).length === 1);
      await finish();
      await image(asked[place] as Interaction);
    }
    expect(prompts.flatMap((prompt) => createsOf(on.jimmyAi, prompt))).toHaveLength(4);
  });

  test('a request that waits for longer than its token lives is still made and shown', async () => {
    on.jimmyAi.misbehave({ kind: 'slow', factor: 8 }, { when: ({ prompt }) => prompt === 'slow fox' });
    await imagineUnderWay(on, 'slow fox', { user: dora });
    const waiting = imagine(on, 'patient fox', { user: dora });
    await reply(waiting, /1st in line/);
    await on.advance(LATER_MS);
    await until(() => createsOf(on.jimmyAi, 'patient fox').length === 1);
    await finish();
    await image(waiting);
  });
});

test('of fourteen requests at once, three run, ten wait in line, and the last one is refused with the number', async () => {
  await startWith(DEFAULTS);
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
  await until(() => on.jimmyAi.tasks.length === 3);
  expect(chargesOf(on.discord.people.alice)).toBe(13);
});

test('when the service is full, another person’s first request goes before one person’s second', async () => {
  await startWith({ SERVICE_TASKS: '1' });
  const { alice, bob } = on.discord.people;
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

async function startWith(env: Record<string, string>): Promise<void> {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env });
  onTestFinished(() => on.close());
}

/** How many images count towards a person's limits. */
function chargesOf({ id }: User): number {
  return rowsIn(on.databasePath, 'SELECT 1 FROM charges WHERE user_id = ?', id).length;
}

/** One after the other, so that it is known who came first. */
async function inOrder(user: User, prompts: readonly string[]): Promise<Interaction[]> {
  const asked: Interaction[] = [];
  for (const prompt of prompts) {
    asked.push(imagine(on, prompt, { user }));
    await until(() => stored(on.databasePath, prompt));
  }
  return asked;
}

/** Lets the service finish all that it has begun. */
function finish(): Promise<void> {
  return on.advance(SLOW_ENOUGH_MS);
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

async function jobsOf(user: User): Promise<string> {
  const { message } = await on.discord.interact.command({ name: 'jobs', user }).response();
  return message ? textOf(message) : '';
}

function ordinal(number: number): string {
  return `${number}${{ 1: 'st', 2: 'nd', 3: 'rd' }[number] ?? 'th'}`;
}
