import { PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { type ApiAnswer, call } from './api.ts';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
let discord: Discord;
const channelPath = () => `/channels/${discord.channel.id}/messages`;
const post = (body: unknown) => call(discord, 'POST', channelPath(), body);
const fault = (code: string) => ({ _errors: [expect.objectContaining({ code })] });
const button = (custom_id: string, extra: object = {}) => ({
  type: 2,
  style: 1,
  label: 'Go',
  custom_id,
  ...extra,
});
const row = (...components: object[]) => ({ type: 1, components });

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
});
afterEach(() => discord.close());

async function picture(): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = sharp({ create: { width: 32, height: 18, channels: 3, background: '#06c' } });
  return new Uint8Array(await drawn.png().toBuffer());
}

function attachmentsOf({ body }: ApiAnswer) {
  return body.attachments as {
    id: string;
    filename: string;
    url: string;
    size: number;
    description?: string;
  }[];
}

describe('a message', () => {
  test('is created, read, listed, edited and deleted', async () => {
    const { body } = await post({ content: 'Hello' });
    const path = `${channelPath()}/${body.id}`;
    expect((await call(discord, 'GET', path)).body).toMatchObject({
      content: 'Hello',
      edited_timestamp: null,
    });
    expect((await call(discord, 'PATCH', path, { content: 'Bye' })).body).toMatchObject({
      content: 'Bye',
      edited_timestamp: expect.any(String),
    });
    expect((await call(discord, 'GET', `${channelPath()}?limit=1`)).body).toMatchObject([{ id: body.id }]);
    const deletion = await call(discord, 'DELETE', path);
    expect([deletion.status, deletion.headers.get('content-type')]).toEqual([204, null]);
    expect((await call(discord, 'GET', path)).body).toEqual({ message: 'Unknown Message', code: 10008 });
  });

  test('can’t be empty, even after an edit', async () => {
    expect((await post({})).body.code).toBe(50006);
    const { body } = await post({ content: 'Hello' });
    expect((await call(discord, 'PATCH', `${channelPath()}/${body.id}`, { content: null })).body.code).toBe(
      50006,
    );
  });

  test.each([
    ['content over 2000', { content: 'x'.repeat(2001) }, { content: fault('BASE_TYPE_MAX_LENGTH') }],
    ['content that is no text', { content: { a: 1 } }, { content: fault('STRING_TYPE_CONVERT') }],
    ['eleven embeds', { embeds: Array(11).fill({ title: 'x' }) }, { embeds: fault('BASE_TYPE_MAX_LENGTH') }],
    [
      'embeds of more than 6,000 characters together',
      { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] },
      { embeds: fault('MAX_EMBED_SIZE_EXCEEDED') },
    ],
    [
      'an embed’s description over 4096',
      { embeds: [{ description: 'x'.repeat(4097) }] },
      { embeds: { 0: { description: fault('BASE_TYPE_MAX_LENGTH') } } },
    ],
    [
      'two components of one custom_id',
      { content: 'x', components: [row(button('a'), button('a'))] },
      { components: { 0: { components: { 1: { custom_id: fault('COMPONENT_CUSTOM_ID_DUPLICATED') } } } } },
    ],
    [
      'a button without custom_id',
      { content: 'x', components: [row({ type: 2, style: 1, label: 'Go' })] },
      { components: { 0: { components: { 0: { custom_id: fault('BASE_TYPE_REQUIRED') } } } } },
    ],
    [
      'a button’s label over 80',
      { content: 'x', components: [row(button('a', { label: 'x'.repeat(81) }))] },
      { components: { 0: { components: { 0: { label: fault('BASE_TYPE_MAX_LENGTH') } } } } },
    ],
    [
      'six buttons in a row',
      { content: 'x', components: [row(...'abcdef'.split('').map((id) => button(id)))] },
      { components: { 0: { components: fault('BASE_TYPE_MAX_LENGTH') } } },
    ],
    [
      'six rows',
      { content: 'x', components: 'abcdef'.split('').map((id) => row(button(id))) },
      { components: fault('BASE_TYPE_BAD_LENGTH') },
    ],
    [
      'an attachment nobody sent',
      { content: 'x', attachments: [{ id: '7' }] },
      { attachments: { 0: { id: fault('ATTACHMENT_NOT_FOUND') } } },
    ],
    [
      'users both parsed and listed',
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      { allowed_mentions: fault('MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE') },
    ],
  ])('is refused with %s', async (_, body, errors) => {
    const answer = await post(body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { code: 50035, message: 'Invalid Form Body', errors },
    ]);
    expect(discord.messages()).toEqual([]);
  });

  test('of the same enforced nonce is created once', async () => {
    const body = { content: 'Once', nonce: 'task-1', enforce_nonce: true };
    const [first, second] = [await post(body), await post({ ...body, content: 'Twice' })];
    expect(second.body).toMatchObject({ id: first.body.id, content: 'Once' });
    expect(discord.messages()).toHaveLength(1);
    discord.clock.advance(10 * MINUTE_MS);
    await Promise.all([post(body), post(body)]);
    expect(discord.messages()).toHaveLength(2);
  });

  test('older than an hour can be edited only so often', async () => {
    const { body } = await post({ content: 'Old' });
    discord.clock.advance(61 * MINUTE_MS);
    const answers: number[] = [];
    for (const content of ['1', '2', '3', '4']) {
      answers.push((await call(discord, 'PATCH', `${channelPath()}/${body.id}`, { content })).body.code ?? 0);
    }
    expect(answers).toEqual([0, 0, 0, 30046]);
  });

  test('of another author can’t be edited', async () => {
    const { id } = await discord.say({ user: discord.people.bob, channel: discord.channel, content: 'Mine' });
    expect((await call(discord, 'PATCH', `${channelPath()}/${id}`, { content: 'x' })).body.code).toBe(50005);
  });
});

describe('files', () => {
  test('are described, served back byte for byte, and only by a valid signature', async () => {
    const bytes = await picture();
    const body = { attachments: [{ id: 0, description: 'A sky' }] };
    const answer = await call(discord, 'POST', channelPath(), body, {
      files: [{ name: 'a sky.png', bytes }],
    });
    expect(attachmentsOf(answer)).toMatchObject([
      {
        filename: 'a_sky.png',
        description: 'A sky',
        size: bytes.length,
        width: 32,
        height: 18,
        content_type: 'image/png',
      },
    ]);
    const url = attachmentsOf(answer)[0]?.url ?? '';
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(404);
    discord.clock.advance(25 * 60 * MINUTE_MS);
    expect((await fetch(url)).status).toBe(404);
  });

  test('stay, go and are added as the list of an edit says', async () => {
    const bytes = await picture();
    const files = [
      { name: 'a.png', bytes },
      { name: 'b.png', bytes },
    ];
    const created = await call(discord, 'POST', channelPath(), {}, { files });
    const [a, b] = attachmentsOf(created);
    const path = `${channelPath()}/${created.body.id}`;
    const names = (answer: ApiAnswer) => attachmentsOf(answer).map(({ filename }) => filename);
    expect(names(await call(discord, 'PATCH', path, { content: 'x' }))).toEqual(['a.png', 'b.png']);
    const added = await call(discord, 'PATCH', path, { content: 'x' }, { files: [{ name: 'c.png', bytes }] });
    expect(names(added)).toEqual(['a.png', 'b.png', 'c.png']);
    const listed = { attachments: [{ id: b?.id }, { id: '0', filename: 'd.png' }] };
    const replaced = await call(discord, 'PATCH', path, listed, { files: [{ name: 'x.png', bytes }] });
    expect(names(replaced)).toEqual(['b.png', 'd.png']);
    const gone = await call(discord, 'PATCH', path, { attachments: [{ id: a?.id }] });
    expect(gone.body.code).toBe(50035);
  });

  test('over 10 MiB each, or 25 MiB together, are too large', async () => {
    const file = (size: number) => ({
      name: 'big.bin',
      bytes: new Uint8Array(size),
      type: 'application/x-big',
    });
    const send = (...sizes: number[]) => call(discord, 'POST', channelPath(), {}, { files: sizes.map(file) });
    expect((await send(10 * MIB)).status).toBe(200);
    const over = await send(10 * MIB + 1);
    expect([over.status, over.body.code]).toEqual([413, 40005]);
    expect((await send(9 * MIB, 9 * MIB, 9 * MIB)).body.code).toBe(40005);
  });

  test('shown by an embed are not shown again below it', async () => {
    const embeds = [{ image: { url: 'attachment://sky.png' } }];
    const files = [{ name: 'sky.png', bytes: await picture() }];
    const { body } = await call(discord, 'POST', channelPath(), { embeds }, { files });
    expect(body.attachments).toEqual([]);
    expect(body.embeds).toMatchObject([
      { image: { url: expect.stringContaining('/sky.png?ex='), width: 32 } },
    ]);
  });
});

describe('permissions', () => {
  test.each([
    ['view', PermissionFlagsBits.ViewChannel, 50001],
    ['send', PermissionFlagsBits.SendMessages, 50013],
    ['embed', PermissionFlagsBits.EmbedLinks, 50013],
  ])('a channel the bot may not %s in', async (_, permission, code) => {
    const restore = discord.faults.revokePermissions(permission, discord.channel);
    expect((await post({ embeds: [{ title: 'x' }] })).body.code).toBe(code);
    restore();
    expect((await post({ embeds: [{ title: 'x' }] })).status).toBe(200);
  });

  test('a channel, a message and a person that are gone or closed', async () => {
    discord.faults.closeDirectMessages(discord.people.bob);
    const dm = await call(discord, 'POST', '/users/@me/channels', { recipient_id: discord.people.bob.id });
    const refused = await call(discord, 'POST', `/channels/${dm.body.id}/messages`, { content: 'x' });
    expect([refused.status, refused.body.code]).toEqual([403, 50007]);
    discord.faults.deleteChannel(discord.channel);
    expect((await post({ content: 'x' })).body.code).toBe(10003);
  });
});

describe('pings', () => {
  const mention = () => `<@${discord.people.bob.id}> @everyone`;

  test('go to everyone mentioned by default, and to nobody where nothing is allowed', async () => {
    await post({ content: mention() });
    await post({ content: mention(), allowed_mentions: { parse: [] } });
    await post({ content: mention(), allowed_mentions: { users: [discord.people.bob.id] } });
    expect(discord.messages().map(({ pings }) => pings.users.length)).toEqual([1, 0, 1]);
    // The bot may not mention everyone in a message of its own.
    expect(discord.messages().every(({ pings }) => !pings.everyone)).toBe(true);
  });

  test('go to the author a message replies to, unless that is switched off', async () => {
    const { bob } = discord.people;
    const { id } = await discord.say({ user: bob, channel: discord.channel, content: 'Hi' });
    const reply = { content: 'Hi', message_reference: { message_id: id } };
    await post(reply);
    await post({ ...reply, allowed_mentions: { parse: [] } });
    expect(discord.messages().map(({ pings }) => pings.users)).toEqual([[], [bob.id], []]);
    const gone = await post({ content: 'Hi', message_reference: { message_id: '1' } });
    expect(gone.body.errors).toEqual({ message_reference: fault('REPLIES_UNKNOWN_MESSAGE') });
  });

  test('are decided anew by each edit', async () => {
    const { body } = await post({ content: mention(), allowed_mentions: { parse: [] } });
    await call(discord, 'PATCH', `${channelPath()}/${body.id}`, { embeds: [] });
    expect(discord.messages()[0]?.pings.users).toEqual([discord.people.bob.id]);
  });
});

test('a bot token is asked for, and unknown routes are recorded', async () => {
  const refused = await call(discord, 'GET', '/users/@me', undefined, { token: 'nope' });
  expect([refused.status, refused.body]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
  expect((await call(discord, 'GET', '/nowhere')).body).toEqual({ message: '404: Not Found', code: 0 });
  expect(discord.requests).toMatchObject([
    { route: '/users/@me', status: 401, code: 0 },
    { route: '/nowhere', status: 404 },
  ]);
});
