import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  ChannelSelectMenuBuilder,
  type ChatInputCommandInteraction,
  CheckboxGroupBuilder,
  Client,
  Events,
  FileUploadBuilder,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  type ModalSubmitInteraction,
  RadioGroupBuilder,
  RoleSelectMenuBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} from 'discord.js';
import type { Discord } from '../../../sandbox/discord/index.ts';
import type { KeptBot } from '../../../sandbox/kept-bot.ts';

/** A bot that has of everything what a page must be able to draw; the page knows it as little as the real one. */
export async function startScriptedBot({ apiUrl, token }: Discord): Promise<Client<true>> {
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: apiUrl, version: '10' } });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
  await client.login(token);
  await ready;
  await client.application?.commands.set([
    {
      name: 'paint',
      description: 'Paints something',
      nameLocalizations: { 'zh-CN': '画' },
      descriptionLocalizations: { 'zh-CN': '画一幅画' },
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'size',
          description: 'How large',
          descriptionLocalizations: { 'zh-CN': '多大' },
          required: true,
          choices: [
            { name: 'Small', value: 's', nameLocalizations: { 'zh-CN': '小' } },
            { name: 'Large', value: 'l', nameLocalizations: { 'zh-CN': '大' } },
          ],
        },
        { type: ApplicationCommandOptionType.Integer, name: 'copies', description: 'How many', maxValue: 4 },
        { type: ApplicationCommandOptionType.Boolean, name: 'frame', description: 'With a frame' },
        { type: ApplicationCommandOptionType.User, name: 'for', description: 'For whom' },
        {
          type: ApplicationCommandOptionType.String,
          name: 'colour',
          description: 'Which',
          autocomplete: true,
        },
      ],
    },
    { name: 'menus', description: 'Shows select menus' },
    { name: 'form', description: 'Shows a form' },
    { name: 'silent', description: 'Never answers' },
    {
      name: 'shelf',
      description: 'Has two subcommands',
      options: [
        { type: ApplicationCommandOptionType.Subcommand, name: 'add', description: 'Puts something on it' },
        { type: ApplicationCommandOptionType.Subcommand, name: 'clear', description: 'Takes all off' },
      ],
    },
    { type: ApplicationCommandType.Message, name: 'Look closer' },
  ]);
  return client as Client<true>;
}

/** Stands where a process would, for a bot that has none of its own. */
export const NO_PROCESS: KeptBot = {
  get current(): never {
    throw new Error('this bot has no process');
  },
  isRunning: true,
  start: () => undefined,
  stop: async () => undefined,
  onLog: () => undefined,
  onChange: () => undefined,
};

async function answer(interaction: Interaction): Promise<unknown> {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    return interaction.respond([{ name: `Dark ${typed}`, value: `dark-${typed}` }]);
  }
  if (interaction.isMessageContextMenuCommand()) {
    return interaction.reply({
      content: `Looked at ${interaction.targetMessage.author.username}`,
      flags: MessageFlags.Ephemeral,
    });
  }
  if (interaction.isAnySelectMenu()) return interaction.update({ content: `Chosen: ${interaction.values}` });
  if (interaction.isModalSubmit()) return interaction.reply(submitted(interaction));
  if (interaction.isButton() && interaction.customId === 'open') return interaction.showModal(FORM);
  if (interaction.isChatInputCommand()) return ANSWERS[interaction.commandName]?.(interaction);
  return undefined;
}

/** What was entered, field by field. */
function submitted({ fields }: ModalSubmitInteraction): string {
  return fields.fields
    .map((field) => {
      const given = 'values' in field ? field.values.length : 'value' in field ? field.value : '';
      return `${field.customId}: ${given}`;
    })
    .join('\n');
}

type Menu =
  | StringSelectMenuBuilder
  | UserSelectMenuBuilder
  | ChannelSelectMenuBuilder
  | RoleSelectMenuBuilder;

const ANSWERS: Record<string, (interaction: ChatInputCommandInteraction) => Promise<unknown>> = {
  paint: (interaction) => {
    const given = interaction.options.data.map(({ name, value }) => `${name}=${value}`).join(' ');
    return interaction.reply(`**${given}** in ${interaction.locale} ||hidden||`);
  },
  shelf: (interaction) => interaction.reply(`subcommand ${interaction.options.getSubcommand()}`),
  form: (interaction) => {
    const buttons = new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId('open').setLabel('Open the form').setStyle(ButtonStyle.Primary),
      new ButtonBuilder().setCustomId('dead').setLabel('Nobody home').setStyle(ButtonStyle.Danger),
      new ButtonBuilder()
        .setCustomId('off')
        .setLabel('Disabled')
        .setStyle(ButtonStyle.Success)
        .setDisabled(true),
      new ButtonBuilder().setURL('https://example.com/').setLabel('A link').setStyle(ButtonStyle.Link),
    );
    return interaction.reply({ content: 'A form', components: [buttons] });
  },
  menus: (interaction) => {
    const row = (menu: Menu) => new ActionRowBuilder<Menu>().addComponents(menu);
    const one = new StringSelectMenuBuilder()
      .setCustomId('one')
      .setPlaceholder('One colour')
      .addOptions(COLOURS);
    const some = new StringSelectMenuBuilder()
      .setCustomId('some')
      .setPlaceholder('Some colours')
      .setMinValues(1)
      .setMaxValues(2)
      .addOptions(COLOURS);
    const who = new UserSelectMenuBuilder().setCustomId('who').setPlaceholder('Who');
    const where = new ChannelSelectMenuBuilder().setCustomId('where').setPlaceholder('Where');
    const role = new RoleSelectMenuBuilder().setCustomId('role').setPlaceholder('Which role');
    const components = [row(one), row(some), row(who), row(where), row(role)];
    return interaction.reply({ content: 'Menus', components });
  },
};

const COLOURS = [
  { label: 'Red', value: 'red', description: 'As a fox' },
  { label: 'Green', value: 'green' },
  { label: 'Blue', value: 'blue' },
];

const FORM = new ModalBuilder()
  .setCustomId('form')
  .setTitle('A form')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Prompt')
      .setDescription('What it should show')
      .setTextInputComponent(
        new TextInputBuilder().setCustomId('prompt').setStyle(TextInputStyle.Paragraph).setValue('a fox'),
      ),
    new LabelBuilder()
      .setLabel('Colour')
      .setStringSelectMenuComponent(new StringSelectMenuBuilder().setCustomId('colour').addOptions(COLOURS)),
    new LabelBuilder().setLabel('Shape').setRadioGroupComponent(
      new RadioGroupBuilder().setCustomId('shape').addOptions([
        { label: 'Wide', value: 'wide' },
        { label: 'Tall', value: 'tall' },
      ]),
    ),
    new LabelBuilder().setLabel('Extras').setCheckboxGroupComponent(
      new CheckboxGroupBuilder()
        .setCustomId('extras')
        .setRequired(false)
        .addOptions([
          { label: 'Frame', value: 'frame' },
          { label: 'Signature', value: 'signature' },
        ]),
    ),
    new LabelBuilder()
      .setLabel('Sketch')
      .setFileUploadComponent(new FileUploadBuilder().setCustomId('sketch').setRequired(false)),
  );
