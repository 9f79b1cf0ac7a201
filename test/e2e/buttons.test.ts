import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
import type { Misbehaviour } from '../../sandbox/jimmyai/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
  uploadsTo,
} from '../support/bot-on-sandbox.ts';
import { button, labels, press, stopWaiting, submit } from '../support/buttons.ts';
import { exportedData } from '../support/exported-data.ts';
import { storedBy } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ env: { TASK_DEADLINE_SECONDS: '1.5' } });
});
afterAll(() => on.close());

describe.each(['in the same process', 'after a restart'])('%s', (when) => {
  const lag = { kind: 'lagging-replica', queries: Number.POSITIVE_INFINITY } satisfies Misbehaviour;
  /** What was asked for, and how it ended, before the restart. */
  const asked = new Map<string, { prompt: string; interaction: Interaction; ended: Message }>();
  beforeAll(async () => {
    const fox = { name: 'fox.png', bytes: await noise(64, 64).png().toBuffer() };
    await ask('late', { kind: 'slow', factor: 1000 }, /took too long/);
    await ask('lagging', lag, /took too long/);
    const lost = { kind: 'dropped', at: 'create', created: true } as const;
    await ask('lost', lost, /may or may not have been charged/, { reference: fox });
    for (const { prompt } of asked.values()) await until(async () => (await storedBy(on, prompt))?.settledAt);
    if (when !== 'after a restart') return;
    await on.bot().stop('SIGKILL');
    await on.start();
  });

  async function ask(what: string, misbehaviour: Misbehaviour, reads: RegExp, options = {}): Promise<void> {
    const prompt = `${what} ${when}`;
    const interaction = imagine(prompt, misbehaviour, options);
    asked.set(what, { prompt, interaction, ended: await reply(interaction, reads) });
  }

  function of(what: string) {
    const found = asked.get(what);
    if (!found) throw new Error(`nobody asked for what is ${what}`);
    return found;
  }

  test('Check again is as patient with a replica that lags, and finds the image', async () => {
    const { prompt, interaction, ended } = of('lagging');
    const task = () => on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
    lag.queries = (task()?.queries ?? 0) + 2;
    await press(on, ended, 'Check again').response();
    await image(interaction);
    expect(task()?.queries).toBeGreaterThan(lag.queries);
    expect(creates(on.jimmyAi).filter((body) => body.prompt === prompt)).toHaveLength(1);
  });

  test('Try again asks for the same once more, with the same reference, in a new reply', async () => {
    const { prompt, interaction, ended } = of('lost');
    const again = on.discord.interact.click({ message: ended, customId: button(ended, 'Try again') });
    await image(again);
    const [first, second] = creates(on.jimmyAi).filter((body) => body.prompt === prompt);
    expect(second).toEqual({ ...first, images: [expect.any(String)] });
    expect(
      on.jimmyAi.tasks.filter(({ request }) => request.prompt === prompt).at(-1)?.references,
    ).toHaveLength(1);
    expect(textOf(ended)).toBe(textOf(await reply(interaction, /may or may not/)));
  });

  test('Check again finds the image that took too long, in the same message', async () => {
    const { prompt, ended } = of('late');
    on.discord.clock.advance(DAY_MS);
    const pressed = on.discord.interact.click({ message: ended, customId: button(ended, 'Check again') });
    await pressed.response();
    const message = await until(() => {
      const now = on.discord.messages().find(({ id }) => id === ended.id);
      return now?.attachments.length ? now : undefined;
    });
    expect(textOf(message)).not.toContain('took too long');
    expect(creates(on.jimmyAi).filter((body) => body.prompt === prompt)).toHaveLength(1);
  });
});

test('Check again brings an image that was missing at its URL', async () => {
  const interaction = imagine('not there yet', { kind: 'late-image', downloads: 4 });
  const missing = await reply(interaction, /isn’t where it should be: check again/);
  await until(async () => (await storedBy(on, 'not there yet'))?.settledAt);
  await press(on, missing, 'Check again').response();
  const message = await image(interaction);
  expect(message.id).toBe(missing.id);
  expect(textOf(message)).not.toContain('⚠️');
  expect(creates(on.jimmyAi).filter(({ prompt }) => prompt === 'not there yet')).toHaveLength(1);
});

test('Check again, pressed during a check, says that one is running', async () => {
  const interaction = imagine('checked already', { kind: 'slow', factor: 1000 });
  const expired = await reply(interaction, /took too long/);
  await until(async () => (await storedBy(on, 'checked already'))?.settledAt);
  const click = { message: expired, customId: button(expired, 'Check again') };
  // It isn't over before the reply says so.
  const heal = on.discord.faults.rest({
    method: 'PATCH',
    route: '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
    status: 500,
    times: 100,
  });
  await on.discord.interact.click(click).response();
  await until(async () => (await storedBy(on, 'checked already'))?.settledAt === null);
  const second = await on.discord.interact.click(click).response();
  expect(second.message && textOf(second.message)).toBe('This is already being checked.');
  heal();
  await until(async () => (await storedBy(on, 'checked already'))?.settledAt);
});

test('Check again works while the bot is still telling the person that it was over', async () => {
  const { carol } = on.discord.people;
  const panel = await reply(on.discord.interact.command({ name: 'settings', user: carol }), /Your settings/);
  const setNotices = async (way: string) => {
    const opened = press(on, panel, 'Notifications', carol);
    await (await submit(on, opened, { notify: [way], after: '' })).response();
  };
  await setNotices('direct');
  const told = Promise.withResolvers<void>();
  const telling = Promise.withResolvers<void>();
  on.discord.faults.rest({
    method: 'POST',
    route: '/channels/{channel_id}/messages',
    until: () => {
      telling.resolve();
      return told.promise;
    },
  });
  const interaction = imagine('told of slowly', { kind: 'slow', factor: 1000 }, {}, carol);
  const expired = await reply(interaction, /took too long/);
  await telling.promise;
  await until(async () => (await storedBy(on, 'told of slowly'))?.settledAt);
  on.discord.clock.advance(DAY_MS);
  await press(on, expired, 'Check again', carol).response();
  told.resolve();
  await on.besides(/Your request ended without an image/);
  await image(interaction);
  await on.besides(/Your image is ready/);
  await setNotices('off');
});

describe('Cancel', () => {
  test('of a running task says that the service cannot be told to stop, and offers to look again', async () => {
    const interaction = imagine('cancelled while running', { kind: 'slow', factor: 1000 });
    await until(async () => (await storedBy(on, 'cancelled while running'))?.state === 'running');
    const message = await reply(interaction, /Sending|being made|%/);
    const { message: asked } = await press(on, message, labels(message)[0] ?? '').response();
    expect(asked && textOf(asked)).toMatch(/has begun and can’t be told to stop.*charged, even if you stop/);
    expect(asked?.visibleTo).toBe(on.discord.people.alice.id);
    if (!asked) return;
    await press(on, asked, 'Stop waiting').response();
    const cancelled = await reply(interaction, /can’t be told to stop: the image is still made, and charged/);
    expect(labels(cancelled)).toEqual(['Get it anyway', 'Edit prompt', 'Delete']);
    await until(() => !on.discord.messages().some(({ id }) => id === asked.id));
  });

  test('of a running task can be undone: Get it anyway brings the image', async () => {
    const interaction = imagine('wanted after all', { kind: 'slow', factor: 20 });
    await until(async () => (await storedBy(on, 'wanted after all'))?.state === 'running');
    await stopWaiting(on, await reply(interaction, /Sending|being made|%/));
    const cancelled = await reply(interaction, /can’t be told to stop/);
    await until(async () => (await storedBy(on, 'wanted after all'))?.settledAt);
    press(on, cancelled, 'Get it anyway');
    await image(interaction);
    expect(creates(on.jimmyAi).filter(({ prompt }) => prompt === 'wanted after all')).toHaveLength(1);
  });

  test('of a task that has not been sent keeps it from being sent', async () => {
    on.jimmyAi.misbehave({ kind: 'hang', at: 'upload' });
    const bytes = await noise(64, 64).png().toBuffer();
    const uploads = uploadsTo(on.jimmyAi);
    const interaction = imagine('cancelled before sending', null, { reference: { name: 'fox.png', bytes } });
    const message = await reply(interaction, /Sending/);
    await until(() => uploadsTo(on.jimmyAi) > uploads);
    await on.discord.interact.click({ message, customId: button(message, 'Cancel') }).response();
    await reply(interaction, /cancelled before the image service took it. Nothing was charged/);
    expect(creates(on.jimmyAi).some(({ prompt }) => prompt === 'cancelled before sending')).toBe(false);
  });

  test('between two tries of a create that was refused costs nothing', async () => {
    const interaction = imagine('cancelled between tries', {
      kind: 'error-code',
      at: 'create',
      code: -1,
      msg: 'busy',
    });
    await until(() => creates(on.jimmyAi).some(({ prompt }) => prompt === 'cancelled between tries'));
    const message = await reply(interaction, /Sending/);
    await on.discord.interact.click({ message, customId: button(message, 'Cancel') }).response();
    await reply(interaction, /Nothing was charged/);
    expect(on.jimmyAi.tasks.some(({ request }) => request.prompt === 'cancelled between tries')).toBe(false);
  });

  test('is for the person who asked and for those who may manage messages', async () => {
    const { alice, bob, carol } = on.discord.people;
    const interaction = imagine('not yours', { kind: 'slow', factor: 1000 }, {}, carol);
    const message = await reply(interaction, /Sending|being made|%/);
    await until(async () => (await storedBy(on, 'not yours'))?.state === 'running');
    const customId = button(message, labels(message)[0] ?? '');
    const refused = await on.discord.interact.click({ message, customId, user: bob }).response();
    expect(refused.message && textOf(refused.message)).toMatch(/Only <@\d+> and people who manage messages/);
    expect((refused.message?.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
    expect(refused.message?.pings.users).toEqual([]);
    await stopWaiting(on, message, alice);
    await reply(interaction, /Nobody is waiting for this any more/);
  });
});

describe('a cancelled request', () => {
  test('that was not sent is not sent by the next process either, however the first one ended', async () => {
    on.jimmyAi.misbehave({ kind: 'hang', at: 'upload' });
    const bytes = await noise(64, 64).png().toBuffer();
    const prompt = 'cancelled, then killed';
    const uploads = uploadsTo(on.jimmyAi);
    const interaction = imagine(prompt, null, { reference: { name: 'fox.png', bytes } });
    const message = await reply(interaction, /Sending/);
    await until(() => uploadsTo(on.jimmyAi) > uploads);
    const heal = on.discord.faults.rest({
      method: 'PATCH',
      route: '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
      status: 500,
      times: 100,
    });
    const pressed = on.discord.interact.click({ message, customId: button(message, 'Cancel') });
    await pressed.response();
    await on.bot().stop('SIGKILL');
    heal();
    await on.start();
    await reply(interaction, /cancelled before the image service took it/);
    expect(creates(on.jimmyAi).some((body) => body.prompt === prompt)).toBe(false);
  });
});

describe('/jobs', () => {
  test('lists a person’s requests with their outcomes and links', async () => {
    const { carol } = on.discord.people;
    await image(imagine('carols first', null, {}, carol));
    await reply(imagine('carols lost one', { kind: 'failed', reason: 'no' }, {}, carol), /could not make/);
    await until(async () => (await storedBy(on, 'carols lost one'))?.settledAt);

    const { message } = await on.discord.interact.command({ name: 'jobs', user: carol }).response();
    expect(message?.visibleTo).toBe(carol.id);
    const link = String.raw`\[jump to it\]\(https://discord\.com/channels/\d+/\d+/\d+\)`;
    const lost = String.raw`⚠️ carols lost one\n-# failed · <t:\d+:R> · ${link}`;
    const first = String.raw`✅ carols first\n-# delivered · <t:\d+:R> · ${link}`;
    expect(message && textOf(message)).toMatch(new RegExp(`${lost}\n${first}`));
    expect(message && labels(message)).toEqual([]);
  });

  test('says so when there are none', async () => {
    const { bob } = on.discord.people;
    const { message } = await on.discord.interact.command({ name: 'jobs', user: bob }).response();
    expect(message && textOf(message)).toMatch(/no images here yet/);
  });
});

describe('/privacy', () => {
  test('exports what is stored as JSON, without tokens', async () => {
    const { carol } = on.discord.people;
    const { message } = await on.discord.interact.command({ name: 'privacy', user: carol }).response();
    if (!message) throw new Error('no answer');
    expect(textOf(message)).toMatch(
      /Stored about you\*\*\n\d+ requests.*The oldest is from <t:\d+:R>.*Deleted after 30 days/s,
    );
    const exported = await image(
      on.discord.interact.click({ message, customId: button(message, 'Export as JSON'), user: carol }),
    );
    const data = (await exportedData(exported)) as {
      userId: string;
      generations: object[];
    };
    expect(data.userId).toBe(carol.id);
    expect(data.generations.length).toBeGreaterThan(0);
    expect(JSON.stringify(data)).not.toMatch(/"token"/);
    expect(data.generations[0]).toMatchObject({ userId: carol.id, request: { prompt: expect.any(String) } });
  });

  test('deletes everything that is finished, after asking', async () => {
    const { carol } = on.discord.people;
    const { message } = await on.discord.interact.command({ name: 'privacy', user: carol }).response();
    if (!message) throw new Error('no answer');
    const asked = on.discord.interact.click({
      message,
      customId: button(message, 'Delete everything'),
      user: carol,
    });
    await asked.response();
    const asking = on.discord.messages().find(({ id }) => id === message.id);
    if (!asking) throw new Error('the question is gone');
    on.discord.interact.click({
      message: asking,
      customId: button(asking, 'Yes, delete everything'),
      user: carol,
    });
    await until(() => on.discord.messages().some((shown) => /^Deleted \d+ requests?\./.test(textOf(shown))));
    const after = await on.discord.interact.command({ name: 'privacy', user: carol }).response();
    expect(after.message && textOf(after.message)).toMatch(/\nNo requests\.|\(1 unfinished\)/);
    const jobs = await on.discord.interact.command({ name: 'jobs', user: carol }).response();
    expect(jobs.message && textOf(jobs.message)).not.toContain('carols');
  });
});

function imagine(
  prompt: string,
  misbehaviour: Misbehaviour | null = null,
  options: object = {},
  user?: User,
): Interaction {
  if (misbehaviour) on.jimmyAi.misbehave(misbehaviour, { when: (request) => request.prompt === prompt });
  return on.discord.interact.command({
    name: 'imagine',
    ...(user && { user }),
    options: { prompt, model: 'nano-banana', ...options },
  });
}
