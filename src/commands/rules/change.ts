import type { AnySelectMenuInteraction, ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import type { Change } from '../../services/ledger/server-rules.ts';
import type { ServerRules } from '../../services/request/server-rules.ts';
import { managedServer } from '../access.ts';
import type { CommandContext } from '../command.ts';
import { renderRules } from './overview.view.ts';

type Interaction = ButtonInteraction | AnySelectMenuInteraction | ModalSubmitInteraction;

/** The rules of this server, if the person may change them now. Otherwise tells them why not, and returns null. */
export async function rulesToChange(
  interaction: Interaction,
  context: CommandContext,
): Promise<ServerRules | null> {
  const guildId = await managedServer(interaction, context);
  return guildId === null ? null : context.ledger.serverRules.of(guildId);
}

/** Changes some of these rules under the same condition, and returns the new ones. */
export async function changeRules(
  interaction: Interaction,
  change: Change,
  context: CommandContext,
): Promise<ServerRules | null> {
  const guildId = await managedServer(interaction, context);
  if (guildId === null) return null;
  let fields: string[] = [];
  const rules = await context.ledger.serverRules.save(guildId, interaction.user.id, (before) => {
    const changed = typeof change === 'function' ? change(before) : change;
    fields = Object.keys(changed);
    return changed;
  });
  context.log.info({ fields }, 'somebody changed the rules of the server');
  return rules;
}

/** Shows all rules in the interaction's message. */
export async function showRules(
  interaction: Interaction,
  rules: ServerRules,
  { limits, text }: CommandContext,
): Promise<void> {
  const view = renderRules(rules, limits, text);
  if (!interaction.isModalSubmit() || interaction.isFromMessage()) await interaction.update(view);
}
