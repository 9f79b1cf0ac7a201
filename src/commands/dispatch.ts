import {
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
} from 'discord.js';
import { type Command, type CommandContext, readOptions } from './command.ts';
import { en } from './text/en.ts';

/**
 * Listens to interactions and hands each to its command. What a command throws is unexpected: it is logged, and the
 * person gets a number to find it by. Returns a function that makes newcomers wait for the restart.
 */
export function dispatchInteractions(
  client: Client,
  commands: readonly Command[],
  context: CommandContext,
): { refuseNew(): void } {
  const byName = new Map(commands.map((command) => [command.payload.name, command]));
  let refusing = false;

  async function handle(interaction: Interaction): Promise<void> {
    if (!interaction.isChatInputCommand()) return;
    const { commandName, user, guildId, channelId } = interaction;
    const log = context.log.child({ interaction: interaction.id, command: commandName });
    log.info({ user: user.id, guild: guildId, channel: channelId }, 'a command came in');
    try {
      const command = byName.get(commandName);
      if (refusing) await answerPrivately(interaction, en.stopping);
      else if (!command) await answerPrivately(interaction, en.unknownCommand);
      else await command.run(interaction, readOptions(command.payload, interaction), { ...context, log });
    } catch (err) {
      const number = interaction.id.slice(-8);
      log.error({ err, reference: number }, 'the command failed');
      await answerPrivately(interaction, en.unexpected(number)).catch((error: unknown) =>
        log.warn({ err: error }, 'the person could not be told either'),
      );
    }
  }

  client.on(Events.InteractionCreate, (interaction) => {
    void handle(interaction);
  });
  return {
    refuseNew() {
      refusing = true;
    },
  };
}

async function answerPrivately(interaction: ChatInputCommandInteraction, content: string): Promise<void> {
  const answer = { content, flags: MessageFlags.Ephemeral } as const;
  if (interaction.deferred || interaction.replied) await interaction.followUp(answer);
  else await interaction.reply(answer);
}
