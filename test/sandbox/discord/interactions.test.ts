import { MessageFlags, PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, type Interaction, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

const MINUTE_MS = 60_000;
let discord: Discord;

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    {
      name: 'paint',
      description: 'Paints',
      integration_types: [0, 1],
      options: [
        { type: 3, name: 'prompt', description: 'What', required: true, max_length: 20 },
        { type: 3, name: 'model', description: 'How', choices: [{ name: 'Quick', value: 'quick-1' }] },
        { type: 4, name: 'count', description: 'How many', min_value: 1, max_value: 4 },
        { type: 11, name: 'reference', description: 'From', file_types: ['image'] },
      ],
    },
    { name: 'admin', description: 'For moderators', default_member_permissions: '32', contexts: [0] },
    { name: 'Paint again', type: 3 },
    {
      name: 'find',
      description: 'Finds',
      options: [{ type: 3, name: 'word', description: 'What', autocomplete: true }],
    },
  ]);
});
afterEach(() => discord.close());

const paint = (extra: object = {}) =>
  discord.interact.command({ name: 'paint', options: { prompt: 'a fox' }, ...extra });
const acknowledge = ({ id, token }: Interaction, body: unknown, query = '') =>
  call(discord, 'POST', `/interactions/${id}/${token}/callback${query}`, body, { token: null });
const webhook = ({ token }: Interaction, method: string, rest: string, body?: unknown) =>
  call(discord, method, `/webhooks/${discord.applicationId}/${token}${rest}`, body, { token: null });
const original = (interaction: Interaction, method: string, body?: unknown) =>
  webhook(interaction, method, '/messages/@original', body);
const row = (...components: object[]) => ({ type: 1, components });
const button = { type: 2, style: 1, label: 'Go', custom_id: 'go' };

describe('the first response', () => {
  test('must come within three seconds', async () => {
    const interaction = paint();
    const response = interaction.response();
    discord.clock.advance(3_001);
    await expect(response).rejects.toThrow('The application did not respond');
    const late = await acknowledge(interaction, { type: 5 });
    expect([late.status, late.body]).toEqual([404, { message: 'Unknown interaction', code: 10062 }]);
    expect((await original(interaction, 'PATCH', { content: 'x' })).body.code).toBe(10015);
  });

  test('is given once', async () => {
    const interaction = paint();
    const first = await acknowledge(interaction, { type: 4, data: { content: 'Hello' } });
    expect([first.status, first.headers.get('content-type')]).toEqual([204, null]);
    expect((await acknowledge(interaction, { type: 5 })).body.code).toBe(40060);
    expect(interaction.message()?.content).toBe('Hello');
  });

  test('isn’t used up by one that is refused', async () => {
    const interaction = paint();
    const refused = await acknowledge(interaction, { type: 4, data: { content: 'x'.repeat(2001) } });
    expect(refused.body.errors).toHaveProperty('data.content._errors.0.code', 'BASE_TYPE_MAX_LENGTH');
    expect((await acknowledge(interaction, { type: 4, data: {} })).body.code).toBe(50006);
    expect((await acknowledge(interaction, { type: 5 })).status).toBe(204);
  });

  test('of two at the same time one is first', async () => {
    const interaction = paint();
    const answers = await Promise.all([
      acknowledge(interaction, { type: 5 }),
      acknowledge(interaction, { type: 5 }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400]);
    expect(discord.messages()).toHaveLength(1);
  });

  test('to a command can’t be an update', async () => {
    for (const type of [6, 7, 1, 99]) {
      expect((await acknowledge(paint(), { type })).body.errors).toHaveProperty('type');
    }
  });

  test('is described when asked for', async () => {
    const { status, body } = await acknowledge(
      paint(),
      { type: 5, data: { flags: 64 } },
      '?with_response=true',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      interaction: { response_message_loading: true, response_message_ephemeral: true },
      resource: { type: 5, message: { flags: MessageFlags.Loading | MessageFlags.Ephemeral } },
    });
  });
});

describe('the reply', () => {
  test('ends loading with the edit and stays as private as it was deferred', async () => {
    const interaction = paint({ user: discord.people.bob });
    await acknowledge(interaction, { type: 5, data: { flags: 64 } });
    const { body } = await original(interaction, 'PATCH', { content: 'Done', flags: 0 });
    expect(body).toMatchObject({ flags: MessageFlags.Ephemeral, edited_timestamp: null, type: 20 });
    expect(interaction.message()?.visibleTo).toBe(discord.people.bob.id);
    expect(
      (await call(discord, 'GET', `/channels/${discord.channel.id}/messages/${body.id}`)).body.code,
    ).toBe(10008);
  });

  test('can’t be reached before there is one, after it was deleted, or with a wrong token', async () => {
    const interaction = paint();
    expect((await original(interaction, 'PATCH', { content: 'x' })).body.code).toBe(10015);
    expect((await webhook(interaction, 'POST', '', { content: 'x' })).body.code).toBe(10015);
    await acknowledge(interaction, { type: 4, data: { content: 'Hello' } });
    expect((await original(interaction, 'DELETE')).status).toBe(204);
    expect((await original(interaction, 'PATCH', { content: 'x' })).body.code).toBe(10008);
    expect((await original({ ...interaction, token: 'wrong' }, 'GET')).body.code).toBe(50027);
  });

  test('can be edited by token for 15 minutes, by the bot ever after', async () => {
    const interaction = paint();
    await acknowledge(interaction, { type: 5 });
    discord.clock.advance(14 * MINUTE_MS);
    const { body } = await original(interaction, 'PATCH', { content: 'In time' });
    discord.clock.advance(2 * MINUTE_MS);
    const late = await original(interaction, 'PATCH', { content: 'Late' });
    expect([late.status, late.body]).toEqual([401, { message: 'Invalid Webhook Token', code: 50027 }]);
    const byBot = await call(discord, 'PATCH', `/channels/${discord.channel.id}/messages/${body.id}`, {
      content: 'Late',
    });
    expect(byBot.status).toBe(200);
    expect(interaction.message()?.content).toBe('Late');
  });

  test('is filled by a follow-up that comes right after the defer', async () => {
    const interaction = paint();
    await acknowledge(interaction, { type: 5 });
    await webhook(interaction, 'POST', '', { content: 'First' });
    await webhook(interaction, 'POST', '', { content: 'Second' });
    expect(discord.messages().map(({ content }) => content)).toEqual(['First', 'Second']);
    expect(interaction.message()?.content).toBe('First');
  });

  test('has at most five follow-ups where only the person installed the bot', async () => {
    const interaction = paint({ userInstalled: true });
    await acknowledge(interaction, { type: 4, data: { content: 'Hello' } });
    const codes: (number | undefined)[] = [];
    for (let count = 0; count < 6; count += 1) {
      codes.push((await webhook(interaction, 'POST', '', { content: `${count}` })).body.code);
    }
    expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, 40094]);
  });

  test('takes files up to the interaction’s own limit', async () => {
    const interaction = paint({ attachmentSizeLimit: 100 });
    await acknowledge(interaction, { type: 5 });
    const file = (size: number) => ({ files: [{ name: 'a.bin', bytes: new Uint8Array(size) }], token: null });
    const path = `/webhooks/${discord.applicationId}/${interaction.token}/messages/@original`;
    expect((await call(discord, 'PATCH', path, {}, file(101))).body.code).toBe(40005);
    expect((await call(discord, 'PATCH', path, {}, file(100))).status).toBe(200);
  });
});

describe('components and modals', () => {
  async function shown(components: object[]) {
    const interaction = paint();
    await acknowledge(interaction, { type: 4, data: { content: 'Hello', components } });
    return interaction.answer();
  }
  const modal = {
    type: 9,
    data: {
      custom_id: 'form',
      title: 'Form',
      components: [
        {
          type: 18,
          label: 'Prompt',
          component: { type: 4, custom_id: 'prompt', style: 2, max_length: 10, value: 'old' },
        },
        {
          type: 18,
          label: 'Model',
          component: {
            type: 3,
            custom_id: 'model',
            options: [{ label: 'Quick', value: 'q', default: true }],
          },
        },
        {
          type: 18,
          label: 'Files',
          component: { type: 19, custom_id: 'files', required: false, max_values: 2 },
        },
      ],
    },
  };

  test('a click updates its message or defers to an update of it', async () => {
    const message = await shown([row(button)]);
    const click = discord.interact.click({ message, customId: 'go' });
    await acknowledge(click, { type: 6 });
    await original(click, 'PATCH', { content: 'Clicked', components: [] });
    expect(discord.messages()).toMatchObject([{ id: message.id, content: 'Clicked', components: [] }]);
    expect(() => discord.interact.click({ message, customId: 'go' })).toThrow('no component go');
  });

  test('a disabled button or a value that isn’t offered can’t be used', async () => {
    const select = { type: 3, custom_id: 'pick', options: [{ label: 'A', value: 'a' }] };
    const message = await shown([row({ ...button, disabled: true }), row(select)]);
    expect(() => discord.interact.click({ message, customId: 'go' })).toThrow('disabled');
    expect(() => discord.interact.select({ message, customId: 'pick', values: ['b'] })).toThrow(
      'no option b',
    );
    discord.interact.select({ message, customId: 'pick', values: ['a'] });
  });

  test('select menus of roles and channels offer those of the server that are asked for', async () => {
    const several = { min_values: 0, max_values: 5 };
    const message = await shown([
      row({ type: 6, custom_id: 'roles', ...several }),
      row({ type: 8, custom_id: 'channels', channel_types: [0], ...several }),
    ]);
    const pick = (customId: string, ...values: string[]) =>
      discord.interact.select({ message, customId, values });
    const reporter = discord.guild.roles.find(({ name }) => name === 'Reporter')?.id ?? '';
    const { channel, thread, elsewhere, people } = discord;
    pick('roles');
    pick('roles', reporter);
    pick('channels', channel.id);
    expect(() => pick('roles', reporter, reporter)).toThrow('once only');
    for (const id of [discord.guild.id, people.bob.id, channel.id])
      expect(() => pick('roles', id)).toThrow(`roles doesn't offer ${id}`);
    for (const id of [thread.id, elsewhere.id, reporter])
      expect(() => pick('channels', id)).toThrow(`channels doesn't offer ${id}`);
  });

  test('an ephemeral message is used by nobody else', async () => {
    const interaction = paint();
    await acknowledge(interaction, { type: 4, data: { content: 'x', flags: 64, components: [row(button)] } });
    const message = await interaction.answer();
    expect(() => discord.interact.click({ message, customId: 'go', user: discord.people.bob })).toThrow(
      'not bob',
    );
  });

  test('a modal keeps presets, takes files and can’t answer a modal', async () => {
    const interaction = paint();
    await acknowledge(interaction, modal);
    const response = await interaction.response();
    expect(() =>
      discord.interact.submitModal({ modal: response, fields: { prompt: 'x'.repeat(11) } }),
    ).toThrow('10');
    expect(() => discord.interact.submitModal({ modal: response, fields: { nope: '' } })).toThrow(
      'no field nope',
    );
    const submitted = discord.interact.submitModal({ modal: response, fields: {} });
    expect((await acknowledge(submitted, modal)).body.errors).toHaveProperty('type');
    expect((await acknowledge(submitted, { type: 7, data: { content: 'x' } })).body.errors).toHaveProperty(
      'type',
    );
    expect((await acknowledge(submitted, { type: 4, data: { content: 'x' } })).status).toBe(204);
  });

  test('a modal is checked', async () => {
    const titled = await acknowledge(paint(), { ...modal, data: { ...modal.data, title: 'x'.repeat(46) } });
    expect(titled.body.errors).toHaveProperty('data.title._errors.0.code', 'BASE_TYPE_MAX_LENGTH');
    const twice = modal.data.components.slice(0, 1);
    const doubled = await acknowledge(paint(), {
      ...modal,
      data: { ...modal.data, components: [...twice, ...twice] },
    });
    expect(doubled.body.errors).toHaveProperty('data.components.1.component.custom_id');
  });

  test('a modal can’t follow a defer', async () => {
    const interaction = paint();
    await acknowledge(interaction, { type: 5 });
    expect((await acknowledge(interaction, modal)).body.code).toBe(40060);
  });
});

describe('a person can’t send', () => {
  test.each([
    ['a command nobody registered', { name: 'nope' }, 'no command nope'],
    ['a command without what it requires', { options: {} }, 'prompt is required'],
    ['an option that isn’t there', { options: { prompt: 'x', nope: 1 } }, 'no option nope'],
    ['more text than allowed', { options: { prompt: 'x'.repeat(21) } }, '1 to 20 characters'],
    ['a value that is no choice', { options: { prompt: 'x', model: 'Slow' } }, 'no choice "Slow"'],
    ['a number out of range', { options: { prompt: 'x', count: 5 } }, 'from 1 to 4'],
    ['a fraction', { options: { prompt: 'x', count: 1.5 } }, 'whole numbers'],
    [
      'a file of another type',
      { options: { prompt: 'x', reference: { name: 'a.pdf', bytes: new Uint8Array(1) } } },
      'no .pdf file',
    ],
  ])('%s', (_, input, message) => {
    expect(() => paint(input)).toThrow(message);
  });

  test('a command hidden from them', () => {
    expect(() => discord.interact.command({ name: 'admin', user: discord.people.bob })).toThrow(
      'lacks the permission',
    );
    expect(() =>
      discord.interact.command({ name: 'admin', channel: discord.dm(discord.people.alice) }),
    ).toThrow("isn't offered");
    discord.interact.command({ name: 'admin', user: discord.people.alice });
  });

  test('which is then not offered either', () => {
    const { alice, bob } = discord.people;
    const offered = (act: object) => discord.interact.offered(act).map(({ name }) => name);
    expect(offered({ user: alice })).toEqual(['paint', 'admin', 'Paint again', 'find']);
    expect(offered({ user: bob })).toEqual(['paint', 'Paint again', 'find']);
    expect(offered({ user: alice, channel: discord.dm(alice) })).not.toContain('admin');
    expect(offered({ user: alice, userInstalled: true })).toEqual(['paint']);
  });
});

test('typing into an option is answered by choices only', async () => {
  const typing = discord.interact.autocomplete({ name: 'find', option: 'word', value: 'fo' });
  expect((await acknowledge(typing, { type: 4, data: { content: 'x' } })).body.errors).toHaveProperty('type');
  const tooLong = [{ name: 'x'.repeat(101), value: 'x' }];
  expect((await acknowledge(typing, { type: 8, data: { choices: tooLong } })).body.code).toBe(50035);
  const choices = [{ name: 'fox', value: 'fox' }];
  await acknowledge(typing, { type: 8, data: { choices } });
  expect((await typing.response()).choices).toEqual(choices);
});

test('tokens are kept out of recorded paths', async () => {
  const interaction = paint();
  await acknowledge(interaction, { type: 5 });
  await original(interaction, 'PATCH', { content: 'x' });
  expect(JSON.stringify(discord.requests.map(({ path }) => path))).not.toContain(interaction.token);
  expect(discord.requests.at(-1)).toMatchObject({
    method: 'PATCH',
    route: '/webhooks/{webhook_id}/{webhook_token}/messages/@original',
    path: `/webhooks/${discord.applicationId}/{token}/messages/@original`,
    interactionToken: interaction.token,
    body: { content: 'x' },
    status: 200,
    code: null,
  });
});

test('a message’s menu hands the message over, a command in direct messages its user', async () => {
  const bytes = new Uint8Array(
    await sharp({ create: { width: 4, height: 2, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  );
  const message = await discord.say({
    user: discord.people.bob,
    channel: discord.channel,
    content: 'Look',
    files: [{ name: 'a.png', bytes }],
  });
  const interaction = discord.interact.messageMenu({ name: 'Paint again', message });
  await acknowledge(interaction, { type: 4, data: { content: 'Seen' } });
  expect(interaction.message()).toMatchObject({ type: 23, interaction_metadata: { type: 2 } });
  const direct = paint({ channel: discord.dm(discord.people.bob), user: discord.people.bob });
  await acknowledge(direct, { type: 4, data: { content: 'Hello' } });
  expect(direct.message()?.channel_id).toBe(discord.dm(discord.people.bob).id);
});

test('without USE_EXTERNAL_APPS a person’s own installation answers privately', async () => {
  const everyone = discord.guild.roles.find(({ name }) => name === '@everyone');
  if (everyone)
    everyone.permissions = String(BigInt(everyone.permissions) & ~PermissionFlagsBits.UseExternalApps);
  const interaction = paint({ userInstalled: true, user: discord.people.bob });
  await acknowledge(interaction, { type: 4, data: { content: 'x' } });
  expect(interaction.message()?.visibleTo).toBe(discord.people.bob.id);
});
