import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { press } from '../support/buttons.ts';
import {
  imagine,
  imagineUnderWay,
  NEVER_BY_ITSELF,
  restart,
  SLOW_ENOUGH_MS,
  stored,
} from '../support/generations.ts';

const ONE_EACH = { USER_RUNNING: '1' };
const MINUTE_MS = 60_000;
const TRY_EVERY_MS = 5 * MINUTE_MS;
const WAITS_FOR_CREDIT =
  /^⏳ (1st|2nd) in line.*\n⚠️ The image service is out of credit at the moment\. You keep your place/;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env: ONE_EACH });
});
afterAll(() => on.close());

test('when the credit ends, people in line keep their places and hear why, and all images arrive after a top-up', async () => {
  const { first, second } = await twoWaitBehindTwo();
  await creditEnds();
  for (const { asked } of second) await reply(asked, WAITS_FOR_CREDIT);
  const running = creates(on.jimmyAi).length;
  await on.advance(SLOW_ENOUGH_MS);
  for (const under of first) await image(under);
  for (const { asked } of second) await reply(asked, WAITS_FOR_CREDIT);
  expect(creates(on.jimmyAi)).toHaveLength(running);
  on.jimmyAi.balance.coins = 1000;
  await on.advance(MINUTE_MS);
  for (const { prompt } of second) await until(() => createsOf(on.jimmyAi, prompt).length === 1);
  await on.advance(SLOW_ENOUGH_MS);
  for (const { asked } of second) await image(asked);
  await on.advance(TRY_EVERY_MS);
  await on.besides(/has credit again/);
});

test('one request in line tries every five minutes, keeps its place if it is refused, and starts the line if it is not', async () => {
  const { first, second } = await twoWaitBehindTwo();
  await creditEnds();
  await on.advance(SLOW_ENOUGH_MS);
  for (const under of first) await image(under);
  const [trying, other] = await lineOf(second);
  for (const tries of [1, 2]) {
    await on.advance(TRY_EVERY_MS);
    await until(() => createsOf(on.jimmyAi, trying.prompt).length === tries);
    await standsInLine(trying);
    for (const { asked } of second) await reply(asked, WAITS_FOR_CREDIT);
  }
  expect(createsOf(on.jimmyAi, other.prompt)).toEqual([]);
  on.jimmyAi.balance.coins = 1000;
  await on.advance(TRY_EVERY_MS);
  // The service begins to count once it has them.
  await until(() => createsOf(on.jimmyAi, trying.prompt).length === 3);
  await until(() => createsOf(on.jimmyAi, other.prompt).length === 1);
  await on.advance(SLOW_ENOUGH_MS);
  for (const { asked } of second) await image(asked);
  await on.advance(TRY_EVERY_MS);
  await on.besides(/has credit again/);
});

test('when the service accepts one image of a try and refuses the other, the other one follows', async () => {
  const dora = on.newPerson();
  const under = await imagineUnderWay(on, 'dora’s first', { user: dora });
  const two = imagine(on, 'two foxes', { user: dora, count: 2 });
  await reply(two, /1st in line, behind your own requests/);
  await creditEnds();
  await on.advance(SLOW_ENOUGH_MS);
  await image(under);
  await reply(two, WAITS_FOR_CREDIT);
  // By the try alone, and not by the balance, the bot finds out.
  Object.assign(on.jimmyAi.balance, { coins: 1000, told: 0 });
  on.jimmyAi.misbehave({ kind: 'out-of-credit', at: 'create' });
  await on.advance(TRY_EVERY_MS);
  await until(() => createsOf(on.jimmyAi, 'two foxes').length === 2);
  await on.advance(SLOW_ENOUGH_MS);
  await until(() => createsOf(on.jimmyAi, 'two foxes').length === 3);
  on.jimmyAi.balance.told = null;
  await on.advance(SLOW_ENOUGH_MS);
  await images(two, 2);
  await on.besides(/has credit again/);
});

test('a held request is cancelled at once, and costs nothing', async () => {
  const { second } = await twoWaitBehindTwo();
  await creditEnds();
  const [{ prompt, user, asked }] = second;
  press(on, await reply(asked, WAITS_FOR_CREDIT), 'Cancel', user);
  await reply(asked, /cancelled before the image service took it. Nothing was charged/);
  expect(createsOf(on.jimmyAi, prompt)).toEqual([]);
  await creditReturns();
});

test('a stop does not wait for held requests, which say that they continue, and then do', async () => {
  const { second } = await twoWaitBehindTwo();
  await creditEnds();
  for (const { asked } of second) await reply(asked, WAITS_FOR_CREDIT);
  await on.bot().stop('SIGTERM');
  for (const { asked } of second) await reply(asked, /is restarting. This goes on by itself/);
  await on.start();
  for (const { asked } of second) await reply(asked, WAITS_FOR_CREDIT);
  for (const { prompt } of second) expect(stored(on.databasePath, prompt)?.settledAt).toBeNull();
  await creditReturns();
});

test('a restart with a key that is still refused holds the line, and one with a valid key continues it, without a new request', async () => {
  const { second } = await twoWaitBehindTwo();
  const wrongKey = { JIMMYAI_API_KEY: 'no-longer-valid' };
  await restart(on, wrongKey);
  await on.besides(/refuses the bot’s key/);
  for (const { asked } of second)
    await reply(asked, /1st in line.*\n⚠️ The image service refuses the bot’s key/);
  await restart(on, wrongKey);
  await until(() => on.bot().log.some(({ msg }) => msg === 'the balance could not be queried'));
  await restart(on);
  await on.advance(SLOW_ENOUGH_MS);
  for (const { prompt } of second) await until(() => createsOf(on.jimmyAi, prompt).length >= 1);
  await on.advance(SLOW_ENOUGH_MS);
  for (const { asked } of second) await image(asked);
  await on.besides(/accepts the bot’s key again/);
});

interface Waiting {
  readonly prompt: string;
  readonly user: User;
  readonly asked: Interaction;
}

/** Each of two new people has one that is made, and one that waits for that. */
async function twoWaitBehindTwo(): Promise<{ first: Interaction[]; second: [Waiting, Waiting] }> {
  const [dora, erin] = [on.newPerson(), on.newPerson()];
  const first = [await firstOf(dora), await firstOf(erin)];
  return { first, second: [await secondOf(dora), await secondOf(erin)] };
}

function firstOf(user: User): Promise<Interaction> {
  return imagineUnderWay(on, `the first of ${user.username}`, { user });
}

async function secondOf(user: User): Promise<Waiting> {
  const prompt = `the second of ${user.username}`;
  const asked = imagine(on, prompt, { user });
  await reply(asked, /1st in line, behind your own requests/);
  return { prompt, user, asked };
}

/** A third person finds out. */
async function creditEnds(): Promise<void> {
  on.jimmyAi.balance.coins = 0;
  const message = await reply(imagine(on, 'a poor fox', { user: on.discord.people.carol }), /out of credit/);
  expect(textOf(message)).toMatch(/Nothing was charged/);
  await on.besides(/credit is gone.*those in line wait/);
}

async function creditReturns(): Promise<void> {
  on.jimmyAi.balance.coins = 1000;
  await on.advance(MINUTE_MS);
  await until(() =>
    on
      .bot()
      .log.findLast(({ trouble }) => trouble)
      ?.msg.endsWith('accepts requests again'),
  );
  await on.advance(TRY_EVERY_MS);
  await on.besides(/has credit again/);
}

/** Waits by `/jobs`, which shows the current place; the reply may still show an earlier state. */
async function standsInLine({ prompt, user }: Waiting): Promise<void> {
  for (let jobs = ''; !new RegExp(`${prompt}.*1st in line`, 's').test(jobs); ) {
    const { message } = await on.discord.interact.command({ name: 'jobs', user }).response();
    jobs = message ? textOf(message) : '';
  }
}

/** In which order the two stand in line once neither has one that is made: whose was over first comes first. */
async function lineOf([one, other]: readonly [Waiting, Waiting]): Promise<[Waiting, Waiting]> {
  await until(() => isSecond(one) || isSecond(other));
  return isSecond(one) ? [other, one] : [one, other];
}

function isSecond({ asked }: Waiting): boolean {
  const message = asked.message();
  return message !== undefined && textOf(message).includes('2nd in line');
}
