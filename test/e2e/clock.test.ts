import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** One for all: each test has its own prompt, and those come last after which the bot expects images to take long. */
let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
});
afterAll(() => on.close());

test('a deferral that arrives after 3 seconds is refused, and nothing is created', async () => {
  onTestFinished(on.discord.faults.rest({ route: /callback$/, delayMs: 500 }));
  const interaction = imagine(on, 'a late fox');
  await until(() => stored(on.databasePath, 'a late fox'));
  await on.advance(3100);
  await until(() => stored(on.databasePath, 'a late fox')?.settledAt);
  expect(stored(on.databasePath, 'a late fox')).toMatchObject({ state: 'refused', reason: 'reply-gone' });
  await expect(interaction.response()).rejects.toThrow('The application did not respond');
  expect(createsOf(on.jimmyAi, 'a late fox')).toEqual([]);
});

test('a private reply, which the bot cannot edit itself, is edited until its token is dead', async () => {
  const interaction = await imagineUnderWay(on, 'a secret fox', { private: true });
  await on.advance(14.5 * MINUTE);
  await image(interaction);
});

test('a task past its deadline ends with a message that says so', async () => {
  on.jimmyAi.misbehave({ kind: 'stuck' });
  const interaction = await imagineUnderWay(on, 'a stuck fox');
  await on.advance(29 * MINUTE);
  await reply(interaction, /99%/);
  await on.advance(MINUTE);
  await reply(interaction, /took too long, and the bot has stopped waiting/);
  expect(stored(on.databasePath, 'a stuck fox')).toMatchObject({ state: 'expired', reason: 'deadline' });
});

test('a task that the service does not know is queried even after a restart, and ends only after 3 days', async () => {
  on.jimmyAi.misbehave({ kind: 'lagging-replica', queries: Number.POSITIVE_INFINITY });
  const interaction = await imagineUnderWay(on, 'an unknown fox');
  await restart();
  await until(() => on.jimmyAi.tasks.at(-1)?.queries);
  await on.advance(31 * MINUTE);
  const late = await reply(interaction, /took too long/);
  await until(() => stored(on.databasePath, 'an unknown fox')?.settledAt);
  await on.advance(2 * DAY);
  await press(on, late, 'Check again').response();
  await until(() => stored(on.databasePath, 'an unknown fox')?.settledAt === null);
  await on.advance(31 * MINUTE);
  await until(() => stored(on.databasePath, 'an unknown fox')?.settledAt);
  expect(labels(await reply(interaction, /took too long/))).toContain('Check again');

  await on.advance(DAY);
  await press(on, late, 'Check again').response();
  const over = await reply(interaction, /no longer knows this task/);
  expect(labels(over)).toContain('Try again');
  expect(labels(over)).not.toContain('Check again');
  expect(createsOf(on.jimmyAi, 'an unknown fox')).toHaveLength(1);
});

test('after an hour of absence, the bot edits earlier replies with its own token', async () => {
  const interaction = await imagineUnderWay(on, 'an old fox');
  await on.bot().stop('SIGKILL');
  await on.advance(65 * MINUTE);
  await on.start();
  await image(interaction);
  expect(stored(on.databasePath, 'an old fox')?.token).toBeNull();
  expect(createsOf(on.jimmyAi, 'an old fox')).toHaveLength(1);
});

test('an image that has outlived its three days at the service is gone, and the reply says so', async () => {
  const interaction = await imagineUnderWay(on, 'a forgotten fox');
  await on.bot().stop('SIGKILL');
  await on.advance(4 * DAY);
  await on.start();
  await reply(interaction, /keeps images for only 3 days/);
});

test('from minute 14 on the bot edits the message itself: progress, and the image', async () => {
  on.jimmyAi.misbehave({ kind: 'slow', factor: 150 });
  const interaction = await imagineUnderWay(on, 'a patient fox');
  await on.advance(13 * MINUTE);
  await reply(interaction, /%/);
  expect(editsAsTheBot(interaction)).toBe(0);

  await on.advance(MINUTE);
  await until(() => editsAsTheBot(interaction) > 0);
  const byToken = edits(interaction).length - editsAsTheBot(interaction);
  await on.advance(15 * MINUTE);
  await image(interaction);
  expect(edits(interaction).length - editsAsTheBot(interaction)).toBe(byToken);
  expect(edits(interaction).every(({ status }) => status === 200)).toBe(true);
});

test('after 15 minutes an interaction’s token is emptied, whether its generation is over or not', async () => {
  await imagineUnderWay(on, 'an early fox');
  on.jimmyAi.misbehave({ kind: 'slow', factor: 150 });
  await finishImages(on);
  await until(() => stored(on.databasePath, 'an early fox')?.settledAt);
  await imagineUnderWay(on, 'a slow fox');
  await on.advance(14 * MINUTE);
  await restart();
  await until(() => stored(on.databasePath, 'an early fox')?.token === null);
  expect(stored(on.databasePath, 'a slow fox')?.token).not.toBeNull();

  await on.advance(MINUTE);
  await restart();
  await until(() => stored(on.databasePath, 'a slow fox')?.token === null);
  await on.advance(15 * MINUTE);
  await until(() => stored(on.databasePath, 'a slow fox')?.state === 'delivered');
});

test('a start with a clock a month ahead deletes nothing', async () => {
  on.discord.faults.closeDirectMessages(on.discord.people.alice);
  await imagineUnderWay(on, 'a kept fox', { channel: on.discord.otherChannel });
  on.discord.faults.deleteChannel(on.discord.otherChannel);
  await finishImages(on);
  await until(() => stored(on.databasePath, 'a kept fox')?.settledAt);
  await on.bot().stop('SIGKILL');

  // Besides the small pictures of what was delivered before.
  const kept = () =>
    readdirSync(`${on.databasePath}-files`).filter((name) => !name.endsWith('.thumbnail.webp'));
  expect(kept()).toHaveLength(1);
  await on.advance(31 * DAY);
  await on.start();
  // The round that would have deleted it has gone by.
  await until(() => stored(on.databasePath, 'a kept fox')?.token === null);
  expect(stored(on.databasePath, 'a kept fox')).toBeDefined();
  expect(kept()).toHaveLength(1);
});

async function restart(): Promise<void> {
  await on.bot().stop('SIGKILL');
  await on.start();
}

function edits({ token, message }: Interaction) {
  const ids = [token, message()?.id].filter((id) => id !== undefined);
  return on.discord.requests.filter(
    ({ method, path }) => method === 'PATCH' && ids.some((id) => path.includes(id)),
  );
}

function editsAsTheBot(interaction: Interaction): number {
  return edits(interaction).filter(({ route }) => route.startsWith('/channels/')).length;
}
