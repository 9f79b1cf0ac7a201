import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { defineCommand } from './command.ts';
import { renderJobs } from './jobs.view.ts';

/** As many as can be read at a glance, and fit an embed. */
const JOBS_SHOWN = 10;

export const jobs = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'jobs',
    description: 'Your running and recent images',
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  },

  async run(interaction, _, { ledger }) {
    const recent = await ledger.generations.recentOf(interaction.user.id, JOBS_SHOWN);
    await interaction.reply({ ...renderJobs(recent), flags: MessageFlags.Ephemeral });
  },
});
