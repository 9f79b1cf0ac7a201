import { ApplicationCommandType, ButtonStyle, ComponentType, InteractionType } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, Interaction, Message, User } from '../../sandbox/discord/index.ts';
import { createHandlers } from '../../src/commands/index.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { type BotOnSandbox, createsOf, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { button, labels, press } from '../support/buttons.ts';
import { exportedData } from '../support/exported-data.ts';
import { imagined, stored } from '../support/generations.ts';

const handlers = createHandlers(MODEL_IDS);

const SECRET = 'a secret fox';
const OPEN = 'an open fox';
const FORGED = 'what was put in';

/** Forms whose answer is a message of its own. */
const ANSWERED_ANEW = new Set<string>(['edit', 'reference', 'draft']);

let on: BotOnSandbox;
let secret: Message;
let open: Message;
beforeAll(async () => {
  on = await startBotOnSandbox({ env: { CONFIRM_ABOVE: '1' } });
  const { bob } = on.discord.people;
  secret = await imagined(on, SECRET, { user: bob, private: true });
  open = await imagined(on, OPEN, { user: bob });
});
afterAll(() => on.close());

const actions = (kind: 'buttons' | 'modals') => handlers[kind].map(({ action }) => action);

describe.each([
  ['a button', InteractionType.MessageComponent, actions('buttons')],
  ['a form', InteractionType.ModalSubmit, actions('modals')],
] as const)('the id of %s that somebody makes up', (_, type, all) => {
  test.each(all)(
    '%s: makes nothing of another person’s private image, and shows nothing of it',
    async (action) => {
      await expectNothing(type, idOf(secret, action), on.discord.channel);
    },
  );

  test.each(all)('%s: makes nothing of an image from elsewhere', async (action) => {
    await expectNothing(type, idOf(open, action), on.discord.otherChannel);
  });

  test('is told so if it leads nowhere', async () => {
    const id = '0190b6a0-0000-7000-8000-012389abcdef';
    const strange = [
      ...[`again:${id}`, 'again', 'again:../../x', `again:${id}:9`, `reference:${id}:-1`, 'confirm:%00'],
      ...['__proto__', 'constructor:1', 'again:\u0000', '\u202e', `older:${id}:"* OR 1`, 'x'.repeat(100)],
    ];
    for (const customId of strange) {
      await expectNothing(type, customId, on.discord.channel);
    }
  });
});

describe.each([
  ['a button', InteractionType.MessageComponent, actions('buttons')],
  ['a menu', InteractionType.MessageComponent, handlers.selects.map(({ action }) => action)],
  ['a form', InteractionType.ModalSubmit, actions('modals').filter((action) => !ANSWERED_ANEW.has(action))],
] as const)('the id of %s of one’s own, on a message that doesn’t carry it', (_, type, all) => {
  test.each(all)('%s: leaves the bot’s message for another person as it is', async (action) => {
    await expectUntouched(type, action, open);
  });

  test.each(all)('%s: leaves the message of a person as it is', async (action) => {
    const { bob } = on.discord.people;
    const { channel } = on.discord;
    await expectUntouched(type, action, await on.discord.say({ user: bob, channel, content: 'hello' }));
  });
});

/** carol sends the id of her own row along with somebody else's message. */
async function expectUntouched(
  type: InteractionType.MessageComponent | InteractionType.ModalSubmit,
  action: string,
  message: Message,
): Promise<void> {
  const own = await ownImage(on.discord.people.carol, on.discord.channel);
  const before = on.discord.messages().find(({ id }) => id === message.id);
  const { message: answer } = await forge(type, idOf(own, action), message, on.discord.channel).response();
  expect(answer && textOf(answer)).toMatch(/no longer does anything/);
  expect(answer?.visibleTo).toBe(on.discord.people.carol.id);
  expect(on.discord.messages().find(({ id }) => id === message.id)).toEqual(before);
}

test('nobody else can confirm a draft', async () => {
  const { bob } = on.discord.people;
  const prompt = 'several foxes';
  const options = { prompt, model: 'nano-banana', count: 2 };
  const asked = await on.discord.interact.command({ name: 'imagine', options, user: bob }).answer();
  await expectNothing(InteractionType.MessageComponent, button(asked, 'Make 2 images'), on.discord.channel);
  expect(createsOf(on.jimmyAi, prompt)).toEqual([]);
});

test.each([
  ['a model that there is not', [{ name: 'model', type: 3, value: 'constructor' }]],
  ['a thousand images', [{ name: 'count', type: 4, value: 1000 }]],
  ['minus one image', [{ name: 'count', type: 4, value: -1 }]],
  ['a file that was never uploaded', [{ name: 'reference', type: 11, value: '1' }]],
  ['another kind of option', [{ name: 'private', type: 3, value: 'no' }]],
])('a command with %s is refused, and makes nothing', async (what, options) => {
  const { message } = await command([{ name: 'prompt', type: 3, value: what }, ...options]).response();
  expect(message && textOf(message)).toMatch(/no longer has this command/);
  expect(stored(on.databasePath, what)).toBeUndefined();
});

test.each([
  'entitlements',
  'authorizing_integration_owners',
  'locale',
  'guild_locale',
  'app_permissions',
  'attachment_size_limit',
  'application_id',
  'version',
  'context',
])('a payload without %s is served like any other', async (field) => {
  const prompt = `a fox without ${field.replaceAll('_', ' ')}`;
  const shown = await image(misshapen({ [field]: undefined }, prompt));
  expect(textOf(shown)).toContain(prompt);
});

test('a channel that is given only by its id is known as the request’s place', async () => {
  const interaction = misshapen({ channel: undefined }, 'a fox in a channel by its id');
  await image(interaction);
  const { channelId } = stored(on.databasePath, 'a fox in a channel by its id') ?? {};
  expect(channelId).toBe(on.discord.channel.id);
});

test('a payload that cannot be read is dropped with a line in the log, and the next one is served', async () => {
  const unreadable = [
    ...[{ data: undefined }, { data: null }, { data: {} }, { data: 'imagine' }, { type: 99 }, { type: null }],
    ...[{ member: undefined }, { member: { user: null } }, { member: 'carol' }, { token: undefined }],
    ...[{ entitlements: [null] }, { type: InteractionType.MessageComponent }, { channel: 'general' }],
  ];
  for (const fields of unreadable) misshapen(fields, 'dropped');
  const after = await image(misshapen({ a_field: { of: ['a later version'] } }, 'after all that'));
  expect(textOf(after)).toContain('after all that');
  const dropped = on.bot().log.filter((line) => JSON.stringify(line).includes('cannot be read'));
  expect(dropped.length).toBeGreaterThanOrEqual(unreadable.length - 1);
  expect(on.bot().log.some((line) => JSON.stringify(line).includes('escaped every handler'))).toBe(false);
});

test.each(['en-US', 'zh-CN'])(
  'a prompt of 6,000 combining characters is refused in %s, but its form opens',
  async (locale) => {
    const prompt = 'e\u0301'.repeat(3000);
    const interaction = command([{ name: 'prompt', type: 3, value: prompt }], locale);
    const { message } = await interaction.response();
    expect(message && textOf(message)).toContain('4000');
    const [edit = ''] = message ? labels(message) : [];
    if (!message) throw new Error('there was no answer');
    const { modal } = await press(on, message, edit, on.discord.people.carol).response();
    expect(modal?.components).toHaveLength(5);
    expect(createsOf(on.jimmyAi, prompt)).toEqual([]);
  },
);

test.each(['en-US', 'zh-CN'])('a prompt of as many as are allowed becomes an image in %s', async (locale) => {
  const { carol } = on.discord.people;
  const prompt = `${locale}${'\u0301'.repeat(3900)}`;
  const shown = await image(
    on.discord.interact.command({
      name: 'imagine',
      options: { prompt, model: 'nano-banana' },
      user: carol,
      locale,
    }),
  );
  expect(textOf(shown).length).toBeLessThan(4500);
  const panel = await on.discord.interact.command({ name: 'privacy', user: carol }).answer();
  const exported = await image(press(on, panel, 'Export as JSON', carol));
  const data = (await exportedData(exported)) as {
    generations: { request: { prompt: string } }[];
  };
  expect(data.generations.map(({ request }) => request.prompt)).toContain(prompt);
  expect(JSON.stringify(on.bot().log)).not.toContain('\u0301'.repeat(10));
});

test('after all that, only the requested images were made, and nobody’s image is gone', async () => {
  const { bob } = on.discord.people;
  await imagined(on, 'one last fox', { user: bob });
  const made = (prompt: string) => createsOf(on.jimmyAi, prompt).length;
  expect([SECRET, OPEN, FORGED, ...[...owned.keys()].map((id) => `in ${id}`)].map(made)).toEqual([
    1,
    1,
    0,
    ...Array(owned.size).fill(1),
  ]);
  const messages = new Set(on.discord.messages().map(({ id }) => id));
  expect([secret.id, open.id].every((id) => messages.has(id))).toBe(true);
  expect([SECRET, OPEN].map((prompt) => stored(on.databasePath, prompt)?.state)).toEqual([
    'delivered',
    'delivered',
  ]);
});

function idOf(message: Message, action: string): string {
  const [, subject] = button(message, 'Again').split(':');
  return `${action}:${subject}`;
}

/** carol sends this id on an image of her own: she sees nothing of bob's, and nobody else sees anything. */
async function expectNothing(
  type: InteractionType.MessageComponent | InteractionType.ModalSubmit,
  customId: string,
  channel: Channel,
): Promise<void> {
  const { carol } = on.discord.people;
  const message = await ownImage(carol, channel);
  // As if the message carried it: what protects the row must not lean on what protects the message.
  const interaction = forge(type, customId, { ...message, components: carrying(customId) }, channel);
  await interaction.response();
  const answer = interaction.message();
  if (!answer || answer.id === message.id) return;
  expect(answer.visibleTo).toBe(carol.id);
  expect(textOf(answer)).not.toMatch(/a secret fox|an open fox/);
}

function forge(
  type: InteractionType.MessageComponent | InteractionType.ModalSubmit,
  customId: string,
  message: Message,
  channel: Channel,
): Interaction {
  const data = { custom_id: customId, component_type: ComponentType.Button, components: filledForm() };
  return on.discord.interact.forge({ type, user: on.discord.people.carol, channel, message, data });
}

function carrying(customId: string): NonNullable<Message['components']> {
  const style = ButtonStyle.Secondary as const;
  const pressed = { type: ComponentType.Button as const, style, custom_id: customId, label: 'Press me' };
  return [{ type: ComponentType.ActionRow, components: [pressed] }];
}

const owned = new Map<string, Promise<Message>>();

function ownImage(user: User, channel: Channel): Promise<Message> {
  const known = owned.get(channel.id) ?? imagined(on, `in ${channel.id}`, { user, channel });
  owned.set(channel.id, known);
  return known;
}

/** A request's form with every field filled in. */
function filledForm(): object[] {
  const picks = { model: 'nano-banana', ratio: '1:1', resolution: '1k', quality: 'low' };
  const fields = [
    { type: ComponentType.TextInput, custom_id: 'prompt', value: FORGED },
    ...Object.entries(picks).map(([custom_id, value]) => ({
      type: ComponentType.StringSelect,
      custom_id,
      values: [value],
    })),
  ];
  return fields.map((component, id) => ({
    type: ComponentType.Label,
    id,
    component: { id: id + 9, ...component },
  }));
}

/** carol's /imagine in a payload with other fields than Discord's. */
function misshapen(payload: Record<string, unknown>, prompt: string): Interaction {
  const { carol: user } = on.discord.people;
  const options = [
    { name: 'prompt', type: 3, value: prompt },
    { name: 'model', type: 3, value: 'nano-banana' },
  ];
  const data = { id: '1', name: 'imagine', type: ApplicationCommandType.ChatInput, options };
  return on.discord.interact.forge({ type: InteractionType.ApplicationCommand, user, data, payload });
}

/** carol's /imagine with these options, whatever Discord would say to them. */
function command(options: readonly object[], locale = 'en-US'): Interaction {
  const { carol: user } = on.discord.people;
  const data = { id: '1', name: 'imagine', type: ApplicationCommandType.ChatInput, options };
  return on.discord.interact.forge({ type: InteractionType.ApplicationCommand, user, locale, data });
}
