import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
} from 'discord.js';
import type { Button } from './button.ts';
import { type Command, type CommandContext, readOptions } from './command.ts';
import { decodeButtonId } from './custom-id.ts';
import { en } from './text/en.ts';

type Handled = ChatInputCommandInteraction | ButtonInteraction;

/**
 * Listens to interactions and hands each to its command or button. What those throw is unexpected: it is logged, and
 * the person gets a number to find it by. `refuseNew` makes newcomers wait for the restart.
 */
export function dispatchInteractions(
  client: Client,
  { commands, buttons }: { commands: readonly Command[]; buttons: readonly Button[] },
  context: CommandContext,
): { refuseNew(): void } {
  const commandOf = new Map(commands.map((command) => [command.payload.name, command]));
  const buttonOf = new Map(buttons.map((button) => [button.action, button]));
  let refusing = false;

  async function handle(interaction: Handled): Promise<void> {
    const { user, guildId, channelId } = interaction;
    const log = context.log.child({ interaction: interaction.id, ...nameOf(interaction) });
    log.info({ user: user.id, guild: guildId, channel: channelId }, 'an interaction came in');
    try {
      if (refusing) await answerPrivately(interaction, en.stopping);
      else if (interaction.isButton()) await press(interaction, { ...context, log });
      else await run(interaction, { ...context, log });
    } catch (err) {
      const number = interaction.id.slice(-8);
      log.error({ err, reference: number }, 'the interaction failed');
      await answerPrivately(interaction, en.unexpected(number)).catch((error: unknown) =>
        log.warn({ err: error }, 'the person could not be told either'),
      );
    }
  }

  async function run(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
    const command = commandOf.get(interaction.commandName);
    if (!command) return answerPrivately(interaction, en.unknownCommand);
    await command.run(interaction, readOptions(command.payload, interaction), context);
  }

  async function press(interaction: ButtonInteraction, context: CommandContext): Promise<void> {
    const id = decodeButtonId(interaction.customId);
    const button = id && buttonOf.get(id.action);
    if (!button) return answerPrivately(interaction, en.unknownButton);
    await button.run(interaction, id.subject, context);
  }

  client.on(Events.InteractionCreate, (interaction: Interaction) => {
    if (interaction.isChatInputCommand() || interaction.isButton()) void handle(interaction);
  });
  return {
    refuseNew() {
      refusing = true;
    },
  };
}

function nameOf(interaction: Handled): { command: string } | { button: string } {
  return interaction.isButton() ? { button: interaction.customId } : { command: interaction.commandName };
}

async function answerPrivately(interaction: Handled, content: string): Promise<void> {
  const answer = { content, flags: MessageFlags.Ephemeral } as const;
  if (interaction.deferred || interaction.replied) await interaction.followUp(answer);
  else await interaction.reply(answer);
}
