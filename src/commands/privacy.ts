import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { defineCommand, EVERYWHERE } from './command.ts';
import { buttonRows } from './components.ts';
import { described } from './text/index.ts';

export const privacy = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'privacy',
    ...described((text) => text.command.privacy),
    ...EVERYWHERE,
  },

  async run(interaction, _, { ledger, retentionDays, text }) {
    const summary = await ledger.storedData.summary(interaction.user.id);
    const changes = await ledger.serverRules.countBy(interaction.user.id);
    await interaction.reply({
      content: [
        text.privacy(summary, retentionDays),
        ...(changes > 0 ? [text.ruleChangesKept(changes, retentionDays)] : []),
      ].join('\n'),
      flags: MessageFlags.Ephemeral,
      components: buttonRows([
        { action: 'export', subject: null, label: text.button.export, emoji: '📄' },
        { action: 'forget', subject: null, label: text.button.forget, style: 'danger' },
      ]),
    });
  },
});
