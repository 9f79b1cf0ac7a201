import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { defineCommand } from './command.ts';
import { buttonRow } from './components.ts';
import { en } from './text/en.ts';

export const privacy = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'privacy',
    description: 'What is stored about you, and how to have it deleted',
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  },

  async run(interaction, _, { ledger, retentionDays }) {
    const summary = await ledger.storedData.summary(interaction.user.id);
    await interaction.reply({
      content: en.privacy(summary, retentionDays),
      flags: MessageFlags.Ephemeral,
      components: buttonRow([
        { action: 'export', subject: null, label: en.button.export, emoji: '📄' },
        { action: 'forget', subject: null, label: en.button.forget, danger: true },
      ]),
    });
  },
});
