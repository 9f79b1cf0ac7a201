import { type MessageContextMenuCommandInteraction, MessageFlags } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import { chooseWithin } from '../services/request/server-rules.ts';
import { isAllowed } from './access.ts';
import type { CommandContext } from './command.ts';
import { messageUrl } from './message-link.ts';

/**
 * A draft that continues from the images of the menu's message, with the person's defaults and no prompt yet. Also returns
 * the generation whose reply the message is, if this person may see it.
 */
export async function draftOfMessage(
  interaction: MessageContextMenuCommandInteraction,
  references: readonly ReferenceSource[],
  context: CommandContext,
): Promise<{ draft: Draft; source: StoredGeneration | null }> {
  const { ledger, rules } = context;
  const message = interaction.targetMessage;
  const settings = await ledger.settings.of(interaction.user.id);
  const { chosen } = chooseWithin(await rules(), {}, settings, context);
  const found = await ledger.generations.findByMessage(message.id);
  const source = found && isAllowed(interaction, found, 'viewers') ? found : null;
  // If only one person sees the message, the new images are private too, and a link to it would be useless.
  const isPrivate = found?.generation.private || message.flags.has(MessageFlags.Ephemeral);
  const draft = {
    request: { ...chosen, prompt: '', transparent: false, count: 1 },
    references: [...references],
    private: isPrivate || (settings.private ?? false),
    adapted: false,
    parentId: source?.generation.id ?? null,
    parentUrl: isPrivate ? null : messageUrl(message, interaction.guildId),
  };
  return { draft, source };
}
