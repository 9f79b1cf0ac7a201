import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
  PermissionFlagsBits,
} from 'discord.js';
import { managedServer } from './access.ts';
import { defineCommand } from './command.ts';
import { renderRules } from './rules/overview.view.ts';
import { described } from './text/index.ts';

export const imagineAdmin = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'imagine-admin',
    ...described((text) => text.command.imagineAdmin),
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
  },

  async run(interaction, _, context) {
    const guildId = await managedServer(interaction, context);
    if (guildId === null) return;
    const rules = await context.ledger.serverRules.of(guildId);
    const view = renderRules(rules, context.limits, context.text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
});
