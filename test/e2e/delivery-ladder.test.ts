import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PermissionFlagsBits as Permission } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Channel, Interaction, Message, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { button } from '../support/buttons.ts';
import { type Asking, finishImages, imagineUnderWay, stored } from '../support/generations.ts';

let on: BotOnSandbox;
/** Everything of a test is its own: who asks for what, in which server. */
let [number, requestsBefore] = [0, 0];
let ann: User;
let channel: Channel;
let fox: string;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
});
afterAll(() => on.close());
beforeEach(() => {
  ({ ann, channel, fox } = newcomer());
  requestsBefore = on.discord.requests.length;
});
afterEach(() => expect(createsOf(on.jimmyAi, fox)).toHaveLength(1));

test('when the token is dead, the bot edits the same message', async () => {
  const interaction = await asked();
  on.discord.faults.expireToken(interaction);
  await finishImages(on);
  expect((await image(interaction)).pings.users).toEqual([]);
  expect((await settled()).state).toBe('delivered');
});

test('when the message was deleted, a new one in the channel mentions the person who asked, and nobody else', async () => {
  fox = `${fox}, <@${on.discord.people.carol.id}> and @everyone`;
  const interaction = await asked();
  on.discord.faults.deleteMessage(replyTo(interaction));
  await finishImages(on);
  const message = await told();
  expect(message).toMatchObject({
    channel_id: channel.id,
    content: `<@${ann.id}>`,
    pings: { everyone: false, users: [ann.id], roles: [] },
  });
  expect(message.attachments).toHaveLength(1);
});

test('when Discord lets the bot edit the message no more, a new one in the channel mentions the person', async () => {
  const interaction = await asked();
  on.discord.faults.expireToken(interaction);
  const route = new RegExp(`^/channels/${channel.id}/messages`);
  const tooManyEdits = { status: 400, code: 30046, times: Number.POSITIVE_INFINITY };
  onTestFinished(on.discord.faults.rest({ method: 'PATCH', route, ...tooManyEdits }));
  await finishImages(on);
  const message = await told();
  expect(message).toMatchObject({ channel_id: channel.id, pings: { users: [ann.id] } });
  expect(message.attachments).toHaveLength(1);
});

test('when Discord fails at every edit of the message for ten minutes, a new one in the channel mentions the person', async () => {
  const interaction = await asked();
  on.discord.faults.expireToken(interaction);
  const route = new RegExp(`^/channels/${channel.id}/messages/`);
  const edits = { method: 'PATCH', route, status: 500, times: Number.POSITIVE_INFINITY };
  onTestFinished(on.discord.faults.rest(edits));
  await finishImages(on);
  await until(() =>
    on.bot().log.some((line) => line.interaction === interaction.id && line.msg === 'the delivery failed'),
  );
  await on.advance(10 * 60_000);
  const message = await told();
  expect(message).toMatchObject({ channel_id: channel.id, pings: { users: [ann.id] } });
  expect(message.attachments).toHaveLength(1);
});

test('a failure is reported in a new message, too', async () => {
  on.jimmyAi.misbehave({ kind: 'failed', reason: 'GPU on fire' });
  const interaction = await asked();
  on.discord.faults.deleteMessage(replyTo(interaction));
  await finishImages(on);
  expect(textOf(await on.besides(/GPU on fire/))).toContain(`<@${interaction.user.id}>`);
});

test('when the channel was deleted, the image comes as a direct message', async () => {
  await asked();
  on.discord.faults.deleteChannel(channel);
  await finishImages(on);
  expectDirectImage(await told());
});

test('when the thread was deleted, the image comes as a direct message', async () => {
  await asked({ channel: on.discord.thread });
  on.discord.faults.deleteChannel(on.discord.thread);
  await finishImages(on);
  expectDirectImage(await told());
});

test('when the bot may no longer see the channel, the image comes as a direct message', async () => {
  const interaction = await asked();
  on.discord.faults.expireToken(interaction);
  on.discord.faults.revokePermissions(Permission.ViewChannel, channel);
  await finishImages(on);
  expectDirectImage(await told());
  expect(refusals()).toContain(50001);
});

test.each(['SendMessages', 'EmbedLinks', 'AttachFiles'] as const)(
  'when the message was deleted and the bot lacks %s, the image comes as a direct message',
  async (permission) => {
    const interaction = await asked();
    on.discord.faults.revokePermissions(Permission[permission], channel);
    on.discord.faults.deleteMessage(replyTo(interaction));
    await finishImages(on);
    expectDirectImage(await told());
    expect(refusals()).toContain(50013);
  },
);

test('when direct messages are closed as well, the image is kept', async () => {
  await asked();
  on.discord.faults.deleteChannel(channel);
  on.discord.faults.closeDirectMessages(ann);
  await finishImages(on);
  const { state, reason, imageFile } = await settled();
  expect({ state, reason }).toEqual({ state: 'undeliverable', reason: 'nowhere-to-deliver' });
  expect(existsSync(join(`${on.databasePath}-files`, imageFile ?? 'none'))).toBe(true);
  expect(refusals()).toContain(50007);
});

test('while Discord holds edits by the token back for an hour, the bot edits the same message', async () => {
  const interaction = await asked();
  on.discord.faults.rest({
    ...editsOf(interaction),
    status: 429,
    retryAfter: 3600,
    times: Number.POSITIVE_INFINITY,
  });
  await finishImages(on);
  expect((await image(interaction)).pings.users).toEqual([]);
  expect((await settled()).state).toBe('delivered');
});

test('while Discord holds edits of a private reply back for an hour, the image comes as a direct message', async () => {
  const interaction = await asked({ private: true });
  on.discord.faults.rest({
    ...editsOf(interaction),
    status: 429,
    retryAfter: 3600,
    times: Number.POSITIVE_INFINITY,
  });
  await finishImages(on);
  expectDirectImage(await told());
});

test.each([
  ['does not know its webhook', { status: 404, code: 10015, times: 3 }],
  ['blocks it at the edge', { status: 403, code: 40333, times: 3 }],
  ['answers with the page of an edge', { status: 403, page: true, times: 3 }],
  ['asks for patience, in the body alone', { status: 429, retryAfter: 1, retryAfterHeader: null }],
  ['asks for no patience, and answers 429', { status: 429, retryAfter: 0 }],
])('a private reply whose edit Discord %s for a moment is not given up', async (_, fault) => {
  const interaction = await asked({ private: true });
  on.discord.faults.closeDirectMessages(ann);
  on.discord.faults.rest({ ...editsOf(interaction), ...fault });
  await finishImages(on);
  await image(interaction);
  expect((await settled()).state).toBe('delivered');
});

test('a private image whose token is dead comes as a direct message, never into the channel', async () => {
  const interaction = await asked({ private: true });
  on.discord.faults.expireToken(interaction);
  await finishImages(on);
  expectDirectImage(await told());
  expect(on.discord.messages(channel.id).filter(({ visibleTo }) => visibleTo === null)).toEqual([]);
});

test('a private image that cannot even be sent directly is kept, and never shown in the channel', async () => {
  const interaction = await asked({ private: true });
  on.discord.faults.expireToken(interaction);
  on.discord.faults.closeDirectMessages(ann);
  await finishImages(on);
  const { state, imageFile } = await settled();
  expect(state).toBe('undeliverable');
  expect(imageFile).not.toBeNull();
  expect(on.discord.messages(channel.id).filter(({ visibleTo }) => visibleTo === null)).toEqual([]);
});

test.each([
  ['an archived thread', { status: 400, code: 50083 }],
  ['a locked thread', { status: 400, code: 160005 }],
])(
  'when the message is in %s and the token is dead, the image comes as a direct message',
  async (_, fault) => {
    const interaction = await asked({ channel: on.discord.forumPost });
    on.discord.faults.expireToken(interaction);
    const route = new RegExp(`^/channels/${on.discord.forumPost.id}/messages`);
    onTestFinished(on.discord.faults.rest({ route, ...fault, times: 100 }));
    await finishImages(on);
    expect((await told()).channel_id).toBe(on.discord.dm(interaction.user).id);
  },
);

test('when the person shares no server with the bot any more (50278), the image is kept', async () => {
  const interaction = await asked({ private: true });
  on.discord.faults.expireToken(interaction);
  const route = `/channels/{channel_id}/messages`;
  onTestFinished(on.discord.faults.rest({ method: 'POST', route, status: 403, code: 50278, times: 100 }));
  await finishImages(on);
  await until(() => stored(on.databasePath, fox)?.state === 'undeliverable');
});

describe('after the process died', () => {
  let kept: Newcomer;
  let unlucky: Newcomer;
  const lost = new Map<string, { newcomer: Newcomer; place: Channel }>();
  beforeAll(async () => {
    kept = newcomer();
    await askedBy(kept);
    on.discord.faults.deleteChannel(kept.channel);
    on.discord.faults.closeDirectMessages(kept.ann);
    const heals: (() => void)[] = [];
    for (const where of ['channel', 'direct messages']) {
      const someone = newcomer();
      const isDirect = where === 'direct messages';
      const place = isDirect ? on.discord.dm(someone.ann) : someone.channel;
      on.discord.faults.deleteMessage(replyTo(await askedBy(someone)));
      if (isDirect) on.discord.faults.revokePermissions(Permission.SendMessages, someone.channel);
      const route = new RegExp(`^/channels/${place.id}/messages`);
      const unanswered = { method: 'POST', route, status: 502, afterApplying: true, times: 100 };
      heals.push(on.discord.faults.rest(unanswered));
      // More than one request lists.
      for (let said = 0; said < 120; said += 1)
        await on.discord.say({ user: someone.ann, channel: place, content: `${said}` });
      lost.set(where, { newcomer: someone, place });
    }
    unlucky = newcomer();
    on.jimmyAi.misbehave({ kind: 'slow', factor: 20 }, { when: ({ prompt }) => prompt === unlucky.fox });
    const interaction = await askedBy(unlucky);
    await finishImages(on);
    await settled(kept.fox);
    await Promise.all(lost.values().map(({ newcomer }) => toldTo(newcomer)));
    await on.bot().stop('SIGKILL');
    for (const heal of heals) heal();
    on.discord.faults.deleteMessage(replyTo(interaction));
    // Discord has forgotten the nonces by then, and the service has finished the last image.
    await on.advance(10 * 60_000);
    await on.start();
  });

  test('/jobs shows a kept image, and its button sends it privately to the place where the person is then', async () => {
    ({ ann, channel, fox } = kept);
    const list = await image(on.discord.interact.command({ name: 'jobs', user: ann }));
    expect(list.visibleTo).toBe(ann.id);
    expect(list.attachments).toMatchObject([
      { filename: `${fox.replaceAll(' ', '-')}-nano-banana.png`, description: fox },
    ]);
    const sent = await image(
      on.discord.interact.click({ message: list, customId: button(list, 'Send 1'), user: ann }),
    );
    expect(sent).toMatchObject({ channel_id: on.discord.channel.id, visibleTo: ann.id });
    expect((await settled()).state).toBe('delivered');
  });

  test('an image that lost every place while the bot was down is delivered by the next process', async () => {
    ({ ann, channel, fox } = unlucky);
    await told();
    expect((await settled()).state).toBe('delivered');
  });

  test.each(['channel', 'direct messages'])(
    'a new message (%s) whose answer was lost with the process is found again behind 120 others, however late the next one starts',
    async (where) => {
      const { newcomer, place } = lost.get(where) ?? {};
      if (!newcomer || !place) throw new Error(`nothing was lost in ${where}`);
      ({ ann, channel, fox } = newcomer);
      await settled();
      expect(
        on.discord.messages(place.id).filter(({ author }) => author.id === on.discord.bot.id),
      ).toHaveLength(1);
    },
  );
});

interface Newcomer {
  readonly ann: User;
  readonly channel: Channel;
  readonly fox: string;
}

/** A person in a server of their own, and what they ask for. */
function newcomer(): Newcomer {
  number += 1;
  const name = `ann${String(number).padStart(2, '0')}`;
  const server = on.discord.addServer(`The place of ${name}`);
  const ann = on.discord.addPerson(name, [on.discord.guild, server.guild]);
  return { ann, channel: server.channel, fox: `a fox for ${name}` };
}

/** Ann asks for her fox, where she is unless told otherwise. */
function asked(asking: Asking = {}): Promise<Interaction> {
  return askedBy({ ann, channel, fox }, asking);
}

function askedBy({ ann: user, channel, fox }: Newcomer, asking: Asking = {}): Promise<Interaction> {
  return imagineUnderWay(on, fox, { user, channel, ...asking });
}

/** The messages for her besides the reply. */
function told(): Promise<Message> {
  return toldTo({ ann });
}

function toldTo({ ann }: Pick<Newcomer, 'ann'>): Promise<Message> {
  return on.besides(new RegExp(`a fox for ${ann.username}`));
}

function expectDirectImage({ channel_id, attachments }: Message): void {
  expect(channel_id).toBe(on.discord.dm(ann).id);
  expect(attachments).toHaveLength(1);
}

function settled(prompt = fox) {
  return until(() => {
    const found = stored(on.databasePath, prompt);
    return found?.settledAt ? found : undefined;
  });
}

/** The codes with which Discord has refused requests of this test. */
function refusals(): (number | null)[] {
  return on.discord.requests
    .slice(requestsBefore)
    .filter(({ status }) => status === 403)
    .map(({ code }) => code);
}

function replyTo(interaction: Interaction): Message {
  const message = interaction.message();
  if (!message) throw new Error('there is no reply');
  return message;
}

function editsOf({ token }: Interaction) {
  return { method: 'PATCH', route: new RegExp(token) };
}
