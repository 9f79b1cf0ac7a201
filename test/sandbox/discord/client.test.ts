import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  type Interaction as ClientInteraction,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';

const COMMAND = new SlashCommandBuilder()
  .setName('paint')
  .setDescription('Paints')
  .addStringOption((option) => option.setName('prompt').setDescription('What').setRequired(true))
  .addStringOption((option) =>
    option.setName('model').setDescription('How').addChoices({ name: 'Quick', value: 'quick-1' }),
  )
  .addAttachmentOption((option) => option.setName('reference').setDescription('From'));

let discord: Discord;
let client: Client<true>;

beforeEach(async () => {
  discord = await startDiscord({ sharding: { identifyPauseMs: 0 } });
  client = (await login(discord)) as Client<true>;
  await client.application.commands.set([COMMAND]);
});

afterEach(async () => {
  await client.destroy();
  await discord.close();
});

async function login({ apiUrl, token }: Discord): Promise<Client> {
  const bot = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: apiUrl, version: '10' },
    allowedMentions: { parse: [] },
  });
  // discord.js leaves five seconds between two identifies.
  Object.assign(bot.options.ws ?? {}, {
    buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }),
  });
  const ready = new Promise((resolve) => bot.once(Events.ClientReady, resolve));
  await bot.login(token);
  await ready;
  return bot;
}

function nextInteraction<T extends ClientInteraction>(): Promise<T> {
  return new Promise((resolve) =>
    client.once(Events.InteractionCreate, (interaction) => resolve(interaction as T)),
  );
}

async function picture(): Promise<Buffer> {
  return sharp({ create: { width: 48, height: 27, channels: 3, background: '#c60' } })
    .png()
    .toBuffer();
}

describe('the discord.js client', () => {
  test('logs in, sees its guild and registers its commands', async () => {
    await discord.ready();
    const names = client.guilds.cache.get(discord.guild.id)?.channels.cache.map(({ name }) => name);
    expect(names?.toSorted()).toEqual([
      'Atelier',
      'My first painting',
      'art',
      'general',
      'landscapes',
      'showcase',
    ]);
    expect(discord.commands()).toMatchObject([{ name: 'paint', type: 1, integration_types: [0] }]);
    expect(discord.requests.every(({ status }) => status !== null && status < 300)).toBe(true);
  });

  test('receives a command with its options, an attachment and the size limit', async () => {
    const received = nextInteraction<ChatInputCommandInteraction>();
    discord.interact.command({
      name: 'paint',
      user: discord.people.bob,
      attachmentSizeLimit: 1234,
      options: { prompt: 'a fox', model: 'Quick', reference: { name: 'fox.png', bytes: await picture() } },
    });
    const interaction = await received;
    expect(interaction.options.getString('model')).toBe('quick-1');
    expect(interaction.attachmentSizeLimit).toBe(1234);
    expect(interaction.user.username).toBe('bob');
    const reference = interaction.options.getAttachment('reference', true);
    expect(reference).toMatchObject({ width: 48, height: 27, contentType: 'image/png', ephemeral: true });
    const bytes = await (await fetch(reference.url)).arrayBuffer();
    expect(Buffer.from(bytes).equals(await picture())).toBe(true);
  });

  test('defers, edits a file into the reply and follows up', async () => {
    client.once(Events.InteractionCreate, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply({ content: 'Halfway' });
      const file = new AttachmentBuilder(await picture(), { name: 'fox.png', description: 'A fox' });
      await interaction.editReply({ content: 'Done', files: [file] });
      await interaction.followUp({ content: 'Like it?', flags: MessageFlags.Ephemeral });
    });
    const followedUp = new Promise<void>((resolve) => {
      discord.on('message', ({ content }) => content === 'Like it?' && resolve());
    });
    const interaction = discord.interact.command({ name: 'paint', options: { prompt: 'a fox' } });
    await followedUp;
    expect(interaction.history.map(({ message }) => [message.content, message.flags])).toEqual([
      ['', MessageFlags.Loading],
      ['Halfway', 0],
      ['Done', 0],
    ]);
    expect(interaction.message()?.interaction?.name).toBe('paint');
    expect(interaction.message()?.attachments).toMatchObject([
      { filename: 'fox.png', description: 'A fox', width: 48, content_type: 'image/png' },
    ]);
    expect(discord.messages().at(-1)).toMatchObject({ visibleTo: discord.people.alice.id, flags: 64 });
  });

  test('answers a click by a modal and updates the message from it', async () => {
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId('change').setLabel('Change').setStyle(ButtonStyle.Primary),
    );
    const input = new TextInputBuilder().setCustomId('prompt').setStyle(TextInputStyle.Paragraph);
    const label = new LabelBuilder().setLabel('Prompt').setTextInputComponent(input);
    const modal = new ModalBuilder().setCustomId('form').setTitle('Change').addLabelComponents(label);
    client.on(Events.InteractionCreate, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'A fox', components: [row] });
      else if (interaction.isButton()) await interaction.showModal(modal);
      else if (interaction.isModalSubmit() && interaction.isFromMessage()) {
        await interaction.update({ content: interaction.fields.getTextInputValue('prompt') });
      }
    });
    const message = await discord.interact.command({ name: 'paint', options: { prompt: 'a fox' } }).answer();
    const shown = await discord.interact.click({ message, customId: 'change' }).response();
    expect(shown.modal?.title).toBe('Change');
    expect(() => discord.interact.submitModal({ modal: shown, fields: { prompt: '' } })).toThrow('required');
    const submitted = discord.interact.submitModal({ modal: shown, fields: { prompt: 'A red fox' } });
    await submitted.response();
    expect(discord.messages()).toMatchObject([{ id: message.id, content: 'A red fox' }]);
    expect(discord.messages()[0]?.components).toHaveLength(1);
  });

  test('resumes after a drop and is told what it missed', async () => {
    const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));
    const received = nextInteraction<ChatInputCommandInteraction>();
    discord.faults.dropGateway();
    const interaction = discord.interact.command({ name: 'paint', options: { prompt: 'late' } });
    await resumed;
    await (await received).reply('Still here');
    expect((await interaction.response()).message?.content).toBe('Still here');
  });

  test('identifies anew when its session is gone', async () => {
    const identified = new Promise((resolve) => client.once(Events.ShardReady, resolve));
    discord.faults.dropGateway({ resumable: false });
    await identified;
    const received = nextInteraction<ChatInputCommandInteraction>();
    discord.interact.command({ name: 'paint', options: { prompt: 'again' } });
    expect((await received).options.getString('prompt')).toBe('again');
  });

  test('gets an interaction twice when it is delivered twice, and may answer once', async () => {
    const codes: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      client.on(Events.InteractionCreate, async (interaction) => {
        if (!interaction.isChatInputCommand()) return;
        await interaction.reply('Hello').catch((error) => codes.push(error.code));
        if (codes.length > 0) resolve();
      });
    });
    const interaction = discord.interact.command({ name: 'paint', options: { prompt: 'twice' } });
    await interaction.response();
    discord.interact.redeliver(interaction);
    await both;
    expect(codes).toEqual([40060]);
    expect(discord.messages()).toHaveLength(1);
  });
});
