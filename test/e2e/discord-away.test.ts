import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, RestFault } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { press } from '../support/buttons.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';

/** discord.js sends a request that Discord answers with 5xx this often; one whose connection is cut, once. */
const ATTEMPTS = 4;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
});
afterAll(() => on.close());

const GATEWAY_TROUBLE: [string, () => void][] = [
  ['was cut', () => on.discord.faults.dropGateway()],
  ['was cut and its session forgotten', () => on.discord.faults.dropGateway({ resumable: false })],
  ['was told to reconnect', () => on.discord.faults.requestReconnect()],
  ['lost its session, which may be resumed', () => on.discord.faults.invalidSession(true)],
  ['lost its session for good', () => on.discord.faults.invalidSession(false)],
];

test.each(GATEWAY_TROUBLE)(
  'a gateway connection that %s stops no image, and new commands work afterwards',
  async (trouble, cause) => {
    const before = await imagineUnderWay(on, `a fox before it ${trouble}`);
    let isBack = false;
    const unsubscribe = on.discord.on('session', ({ state }) => {
      isBack ||= state === 'ready' || state === 'resumed';
    });
    cause();
    await finishImages(on);
    await image(before);
    await until(() => isBack);
    unsubscribe();

    const after = await imagineUnderWay(on, `a fox after it ${trouble}`);
    await finishImages(on);
    await image(after);
  },
);

test('a command that comes while the gateway is away is served once it is back', async () => {
  on.discord.faults.dropGateway();
  const interaction = await imagineUnderWay(on, 'a fox at the closed gate');
  await finishImages(on);
  await image(interaction);
  expect(createsOf('a fox at the closed gate')).toBe(1);
});

test('progress that Discord does not accept is dropped, and the image still comes', async () => {
  const interaction = imagine(on, 'an unseen fox');
  const failing = spoilEdits(interaction, { status: 503, times: Number.POSITIVE_INFINITY });
  await until(() => stored(on.databasePath, 'an unseen fox')?.state === 'running');
  await until(() => failures(interaction).length >= ATTEMPTS);
  failing();
  await finishImages(on);
  await image(interaction);
  expect(createsOf('an unseen fox')).toBe(1);
});

test('a deferral that is never answered costs seconds: with a reply its image comes, and without one nothing is paid', async () => {
  const route = '/interactions/{interaction_id}/{interaction_token}/callback';
  on.discord.faults.rest({ method: 'POST', route, hang: true, afterApplying: true });
  const shown = imagine(on, 'a fox whose deferral arrived');
  await shown.response();
  on.discord.faults.rest({ method: 'POST', route, hang: true });
  imagine(on, 'a fox whose deferral was lost');
  await until(() => stored(on.databasePath, 'a fox whose deferral was lost')?.settledAt);
  await until(() => stored(on.databasePath, 'a fox whose deferral arrived')?.state === 'running');
  await finishImages(on);
  await image(shown);
  expect(createsOf('a fox whose deferral arrived')).toBe(1);
  expect(createsOf('a fox whose deferral was lost')).toBe(0);
});

const PASSING: [string, RestFault][] = [
  ['500', { status: 500, times: ATTEMPTS }],
  ['503 after it was applied', { status: 503, times: ATTEMPTS, afterApplying: true }],
  ['a cut connection', { drop: true }],
  ['a cut connection after it was applied', { drop: true, afterApplying: true }],
  ['429 with Retry-After', { status: 429, retryAfter: 1 }],
];

test.each(PASSING)(
  'a final edit that meets %s is repeated, and shows the image once',
  async (what, fault) => {
    const interaction = await imagineUnderWay(on, `a fox and ${what}`);
    spoilEdits(interaction, fault);
    await finishImages(on);
    await until(() => stored(on.databasePath, `a fox and ${what}`)?.settledAt);
    expect(failures(interaction).length).toBeGreaterThan(0);
    expect(interaction.message()?.attachments).toHaveLength(1);
    expect(stored(on.databasePath, `a fox and ${what}`)?.state).toBe('delivered');
  },
);

test.each([
  ['answered with 503', { status: 503, times: 2, afterApplying: true }],
  ['cut before the answer', { drop: true, afterApplying: true }],
  ['cut before it arrived', { drop: true }],
])('a new message that was %s is not written twice', async (what, fault) => {
  const interaction = await imagineUnderWay(on, `one fox ${what}`);
  on.discord.faults.deleteMessage(replyTo(interaction));
  const isNewMessage = { method: 'POST', route: '/channels/{channel_id}/messages' };
  on.discord.faults.rest({ ...isNewMessage, ...fault });
  await finishImages(on);
  await on.besides(new RegExp(`one fox ${what}`));
  await until(() => stored(on.databasePath, `one fox ${what}`)?.settledAt);
});

test.each<[string, RestFault]>([
  ['blocked once by a page of an edge', { status: 403, page: true }],
  ['blocked once by a code of an edge', { status: 403, code: 40333 }],
  ['cut before it arrived', { drop: true }],
  ['not applied for a moment', { status: 503, times: ATTEMPTS }],
])('a command whose deferral was %s is served', async (what, fault) => {
  const prompt = `a fox whose deferral was ${what}`;
  const interaction = imagine(on, prompt);
  spoilDeferral(interaction, fault);
  await until(() => stored(on.databasePath, prompt)?.state === 'running');
  await finishImages(on);
  await image(interaction);
  expect(createsOf(prompt)).toBe(1);
});

const UNKNOWN_DEFERRAL: [string, RestFault][] = [
  ['answered with 503', { status: 503, times: ATTEMPTS, afterApplying: true }],
  ['cut before the answer', { drop: true, afterApplying: true }],
];

test.each(UNKNOWN_DEFERRAL)(
  'a deferral that was applied but %s is served, because an edit proves it',
  async (what, fault) => {
    const prompt = `a proven fox, ${what}`;
    const interaction = imagine(on, prompt);
    spoilDeferral(interaction, fault);
    await until(() => stored(on.databasePath, prompt)?.state === 'running');
    await finishImages(on);
    await image(interaction);
    expect(createsOf(prompt)).toBe(1);
  },
);

test('a command whose deferral arrived while its answer was lost is answered like any other', async () => {
  const interaction = on.discord.interact.command({ name: 'history', options: {} });
  spoilDeferral(interaction, { drop: true, afterApplying: true });
  expect(textOf(await reply(interaction, /./))).not.toMatch(/went wrong/);
});

const REFUSED_DEFERRAL: [string, RestFault][] = [
  ['refused as unknown', { status: 404, code: 10062 }],
  ['never applied', { status: 503, times: Number.POSITIVE_INFINITY }],
  ['cut again and again', { drop: true, times: Number.POSITIVE_INFINITY }],
];

test.each(REFUSED_DEFERRAL)('after a deferral that was %s nothing is created', async (what, fault) => {
  const prompt = `an unpaid fox, ${what}`;
  const interaction = imagine(on, prompt);
  spoilDeferral(interaction, fault);
  await until(() => stored(on.databasePath, prompt)?.settledAt);
  expect(stored(on.databasePath, prompt)).toMatchObject({ state: 'refused', reason: 'reply-gone' });
  expect(createsOf(prompt)).toBe(0);
  expect(interaction.message()).toBeUndefined();
});

test('an interaction that arrives again, while and after it is served, is served once', async () => {
  const interaction = await imagineUnderWay(on, 'a fox announced thrice');
  on.discord.interact.redeliver(interaction);
  await finishImages(on);
  await image(interaction);
  on.discord.interact.redeliver(interaction);
  await until(() => repetitions(interaction) === 2);
  expect(createsOf('a fox announced thrice')).toBe(1);
});

test('a button whose press arrives again does nothing twice, and says nothing of an error', async () => {
  const asked = await imagineUnderWay(on, 'a fox starred twice');
  await finishImages(on);
  const starring = press(on, await image(asked), 'Star');
  await reply(starring, /favourites/);
  on.discord.interact.redeliver(starring);
  await until(() => repetitions(starring) === 1);
  expect(isStarred('a fox starred twice')).toBe(true);
  expect(answersTo(starring)).toHaveLength(1);
});

test('a command that arrives again while its answer is being written keeps that answer', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'a fox enhanced twice', enhance: true },
  });
  await interaction.response();
  on.discord.interact.redeliver(interaction);
  await until(() => repetitions(interaction) === 1);
  await finishImages(on);
  await reply(interaction, /Enhanced prompt/);
  expect(answersTo(interaction)).toHaveLength(1);
  expect(interaction.history.map(({ message }) => textOf(message)).join()).not.toMatch(/went wrong/);
});

function spoilEdits({ token }: Interaction, fault: RestFault): () => void {
  return on.discord.faults.rest({ method: 'PATCH', route: new RegExp(token), ...fault });
}

function spoilDeferral({ id }: Interaction, fault: RestFault): () => void {
  return on.discord.faults.rest({ method: 'POST', route: new RegExp(`^/interactions/${id}/`), ...fault });
}

function failures({ token }: Interaction) {
  return on.discord.requests.filter(
    ({ interactionToken, status }) => interactionToken === token && (status === null || status >= 400),
  );
}

function replyTo(interaction: Interaction) {
  const message = interaction.message();
  if (!message) throw new Error('there is no reply');
  return message;
}

function createsOf(prompt: string): number {
  return creates(on.jimmyAi).filter((body) => body.prompt === prompt).length;
}

/** The messages that the bot tried to send about an interaction, and not its edits of them. */
function answersTo({ token }: Interaction) {
  return on.discord.requests.filter(
    ({ interactionToken, method }) => interactionToken === token && method === 'POST',
  );
}

function isStarred(prompt: string): boolean {
  const [row] = rowsIn(on.databasePath, 'SELECT starred_at AS at FROM generations WHERE prompt = ?', prompt);
  return typeof row?.at === 'number';
}

function repetitions({ id }: Interaction): number {
  return on.bot().log.filter(({ interaction, msg }) => interaction === id && /twice/.test(msg)).length;
}
