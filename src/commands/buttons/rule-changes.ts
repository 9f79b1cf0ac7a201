import { managedServer } from '../access.ts';
import type { Button } from '../handlers.ts';
import { renderRuleChanges } from '../rules/changes.view.ts';

/** Shows a page of the list of changes. */
export const openRuleChanges: Button = {
  action: 'rule-changes',
  async run(interaction, { subject }, context) {
    const guildId = await managedServer(interaction, context);
    if (guildId === null) return;
    const changes = await context.ledger.serverRules.changes(guildId, Number(subject) || 1);
    await interaction.update(renderRuleChanges(changes, context.text));
  },
};
