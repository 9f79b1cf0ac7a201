import {
  type AnySelectMenuInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js';
import { createRounds } from '../services/concurrency/rounds.ts';
import { isAcknowledgedAlready, isPassing } from '../services/discord/errors.ts';
import { writeProblemOf } from '../services/ledger/error.ts';
import type { Logger } from '../services/log.ts';
import type { HandledInteraction } from '../services/monitoring/metrics.ts';
import type { ServerRules } from '../services/request/server-rules.ts';
import { isCarried } from './carried.ts';
import { type Command, type CommandContext, type MessageMenu, readOptions } from './command.ts';
import { type Action, type CustomId, decodeCustomId, encodeCustomId } from './custom-id.ts';
import { createFirstDelivery } from './first-delivery.ts';
import { givenBack } from './given-back.ts';
import type { Button, Modal, Select } from './handlers.ts';
import { referenceOf } from './reference-number.ts';
import { type Text, textFor } from './text/index.ts';

type Component = ButtonInteraction | AnySelectMenuInteraction | ModalSubmitInteraction;
type Handled = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | Component;

interface CameIn {
  readonly interaction: Handled;
  /** By `performance.now`. */
  readonly cameInAt: number;
}

/** The handlers of everything that a person can do. */
export interface Handlers {
  readonly commands: readonly Command[];
  readonly menus: readonly MessageMenu[];
  readonly buttons: readonly Button[];
  readonly selects: readonly Select[];
  readonly modals: readonly Modal[];
}

/**
 * Listens to interactions and passes each to its command, menu, component or modal. Errors of these are unexpected:
 * they are logged, and the person gets a number to find them by. An interaction that Discord delivers twice is handled
 * once. In a burst, people take turns. After `refuseNew`, new interactions have to wait for the restart.
 */
export function dispatchInteractions(
  client: Client,
  handlers: Handlers,
  context: Omit<CommandContext, 'text' | 'rules' | 'cameInAt'>,
  observer: { interaction(handled: HandledInteraction): void },
): { refuseNew(): void } {
  const commandOf = byKey(handlers.commands, ({ payload }) => payload.name);
  const menuOf = byKey(handlers.menus, ({ payload }) => payload.name);
  const buttonOf = byKey(handlers.buttons, ({ action }) => action);
  const selectOf = byKey(handlers.selects, ({ action }) => action);
  const modalOf = byKey(handlers.modals, ({ action }) => action);
  let refusing = false;

  async function handle({ interaction, cameInAt }: CameIn): Promise<void> {
    const { user, guildId, channelId } = interaction;
    const log = context.log.child({ interaction: interaction.id, ...nameOf(interaction) });
    const text = textFor(interaction.locale);
    log.info({ user: user.id, guild: guildId, channel: channelId }, 'an interaction came in');
    let outcome: HandledInteraction['outcome'] = refusing ? 'stopping' : 'handled';
    try {
      if (refusing) await answerPrivately(interaction, text.stopping);
      else await run(interaction, { ...context, cameInAt, log, text, rules: rulesOf(guildId) });
    } catch (err) {
      outcome = 'failed';
      await answerPrivately(interaction, explain(err, interaction, log, text)).catch((error: unknown) =>
        log.warn({ err: error }, 'the person could not be told either'),
      );
    }
    observer.interaction({ ...kindOf(interaction, handlers), outcome });
  }

  function rulesOf(guildId: string | null): CommandContext['rules'] {
    let rules: Promise<ServerRules> | null = null;
    return () => {
      rules ??= context.ledger.serverRules.of(guildId);
      return rules;
    };
  }

  /** Logs the error. Returns the words for the person. */
  function explain(err: unknown, interaction: Handled, log: Logger, text: Text): string {
    const problem = writeProblemOf(err);
    // PostgreSQL is busy where it takes no more connections.
    if (problem === 'unreachable' || problem === 'busy') {
      context.ledgerTrouble.report(err, log);
      return text.databaseAway;
    }
    const number = referenceOf(interaction);
    log.error({ err, reference: number }, 'the interaction failed');
    return text.unexpected(number);
  }

  function run(interaction: Handled, context: CommandContext): Promise<void> {
    if (interaction.isChatInputCommand()) return runCommand(interaction, context);
    if (interaction.isMessageContextMenuCommand()) return runMenu(interaction, context);
    return runComponent(interaction, context);
  }

  async function runCommand(interaction: ChatInputCommandInteraction, context: CommandContext) {
    const command = commandOf.get(interaction.commandName);
    const options = command && readOptions(command.payload, interaction);
    if (!options) return answerPrivately(interaction, context.text.unknownCommand);
    await command.run(interaction, options, context);
  }

  async function runMenu(interaction: MessageContextMenuCommandInteraction, context: CommandContext) {
    const menu = menuOf.get(interaction.commandName);
    if (!menu) return answerPrivately(interaction, context.text.unknownCommand);
    await menu.run(interaction, context);
  }

  async function runComponent(interaction: Component, context: CommandContext) {
    const id = isCarried(interaction) ? decodeCustomId(interaction.customId) : null;
    const running = id && handled(interaction, id, context);
    await (running ?? answerPrivately(interaction, context.text.unknownButton));
  }

  function handled(interaction: Component, id: CustomId, context: CommandContext) {
    if (interaction.isButton()) return buttonOf.get(id.action)?.run(interaction, id, context);
    if (interaction.isModalSubmit()) return modalOf.get(id.action)?.run(interaction, id, context);
    return selectOf.get(id.action)?.run(interaction, id, context);
  }

  const takeIn = createRounds<CameIn>((one) => void handle(one));
  const isFirst = createFirstDelivery(() => performance.now());
  client.on(Events.InteractionCreate, (interaction: Interaction) => {
    if (!isHandled(interaction)) return;
    if (isFirst(interaction.id)) takeIn(interaction.user.id, { interaction, cameInAt: performance.now() });
    else context.log.info({ interaction: interaction.id }, 'Discord delivered the same interaction twice');
  });
  return {
    refuseNew() {
      refusing = true;
    },
  };
}

function isHandled(interaction: Interaction): interaction is Handled {
  return (
    interaction.isChatInputCommand() ||
    interaction.isMessageContextMenuCommand() ||
    interaction.isButton() ||
    interaction.isAnySelectMenu() ||
    interaction.isModalSubmit()
  );
}

function byKey<T, Key extends string | Action>(items: readonly T[], key: (item: T) => Key): Map<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}

/** The kinds and names of all handlers, which the metrics count separately. */
export function kindsOf({
  commands,
  menus,
  buttons,
  selects,
  modals,
}: Handlers): Pick<HandledInteraction, 'kind' | 'name'>[] {
  return [
    ...commands.map(({ payload }) => ({ kind: 'command' as const, name: payload.name })),
    ...menus.map(({ payload }) => ({ kind: 'menu' as const, name: payload.name })),
    ...buttons.map(({ action }) => ({ kind: 'button' as const, name: action })),
    ...selects.map(({ action }) => ({ kind: 'select' as const, name: action })),
    ...modals.map(({ action }) => ({ kind: 'modal' as const, name: action })),
  ];
}

/** The name of a known handler, otherwise `unknown`: the metrics must not grow with every name that somebody sends. */
function kindOf(
  interaction: Handled,
  { commands, menus }: Handlers,
): Pick<HandledInteraction, 'kind' | 'name'> {
  if ('customId' in interaction) {
    const kind = interaction.isButton() ? 'button' : interaction.isModalSubmit() ? 'modal' : 'select';
    return { kind, name: decodeCustomId(interaction.customId)?.action ?? 'unknown' };
  }
  const kind = interaction.isChatInputCommand() ? 'command' : 'menu';
  const known = [...commands, ...menus].find(({ payload }) => payload.name === interaction.commandName);
  return { kind, name: known?.payload.name ?? 'unknown' };
}

function nameOf(interaction: Handled): { command: string } | { component: string } {
  if (!('customId' in interaction)) return { command: interaction.commandName };
  // Logged without the detail, which may be a person's search words.
  const id = decodeCustomId(interaction.customId);
  return { component: id ? encodeCustomId({ action: id.action, subject: id.subject }) : 'unknown' };
}

async function answerPrivately(interaction: Handled, content: string): Promise<void> {
  const embeds = givenBack(interaction);
  const answer = { content, embeds, flags: MessageFlags.Ephemeral } as const;
  if (interaction.deferred || interaction.replied) return void (await interaction.followUp(answer));
  try {
    await interaction.reply(answer);
  } catch (error) {
    if (!isAcknowledgedAlready(error) && !isPassing(error)) throw error;
    // A component may have deferred the message that contains it, which must not be overwritten.
    if (!interaction.isCommand()) return void (await interaction.webhook.send(answer));
    // A command's deferral may be visible although its answer was lost, and would show "thinking" forever. Any other
    // answer stays: Discord may deliver an interaction twice, and the reply then belongs to the first delivery.
    const { flags } = await interaction.webhook.fetchMessage('@original');
    if (flags.has(MessageFlags.Loading))
      await interaction.webhook.editMessage('@original', { content, embeds });
  }
}
