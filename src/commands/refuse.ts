import { MessageFlags, type RepliableInteraction } from 'discord.js';
import { forgetSurplusDrafts, keepDraftReferences } from '../services/images/draft-references.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import { tell } from './access.ts';
import type { CommandContext } from './command.ts';
import { type Refusal, renderRefusal } from './confirmation.view.ts';
import type { Kept } from './kept.ts';
import { notWritten } from './not-written.ts';

/**
 * Says privately why nothing is made now, with the way back: what was typed is kept as a draft. Under a message whose
 * button was pressed everything is there still.
 */
export async function refuse(
  interaction: RepliableInteraction,
  draft: Draft,
  refusal: Refusal,
  context: CommandContext,
  kept: Kept | null = null,
): Promise<void> {
  const { text } = context;
  const viewOf = (of: { draftId: string; isAgreed: boolean }) =>
    refusal.view?.(of.draftId) ?? renderRefusal(of, draft, refusal, text);
  if (kept) return void (await kept.answer(viewOf(kept)));
  const isForm = interaction.isModalSubmit();
  // What can only be changed is opened for that, wherever it comes from.
  const isWorthKeeping = isForm || interaction.isChatInputCommand() || refusal.instead === null;
  const saved = isWorthKeeping ? await saveDraft(interaction, draft, context) : null;
  // Why nothing is made counts for more than why that can't be kept.
  if (!saved?.id) return tell(interaction, refusal.words);
  const view = viewOf({ draftId: saved.id, isAgreed: false });
  await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  // A command is quicker to send than its references are to fetch.
  if (!interaction.isChatInputCommand() || refusal.instead === null)
    await keepDraftReferences(saved.id, interaction.user.id, draft, context);
}

/** The id of what was written; where it couldn't be, why, in words for the person. */
type Saved = { readonly id: string } | { readonly id: null; readonly words: string };

/** Writes a draft in place of the person's oldest where they have many. */
export async function saveDraft(
  interaction: RepliableInteraction,
  draft: Draft,
  { ledger, ledgerTrouble, files, unfinishedDrafts, text, log }: CommandContext,
): Promise<Saved> {
  const userId = interaction.user.id;
  const freeAt = unfinishedDrafts.freeAt(userId);
  if (freeAt !== null) return { id: null, words: text.tooManyDrafts(freeAt) };
  unfinishedDrafts.take(userId);
  try {
    const id = await ledger.drafts.save(userId, draft);
    await forgetSurplusDrafts(userId, { ledger, files }).catch((err: unknown) =>
      log.warn({ err }, 'a person’s oldest drafts could not be removed'),
    );
    return { id };
  } catch (err) {
    return { id: null, words: notWritten(ledgerTrouble.report(err, log), interaction, text) };
  }
}
