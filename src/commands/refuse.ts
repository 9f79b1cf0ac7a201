import { MessageFlags, type RepliableInteraction } from 'discord.js';
import { forgetSurplusDrafts, keepDraftReferences } from '../services/images/draft-references.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import { tell } from './access.ts';
import type { CommandContext } from './command.ts';
import { type Refusal, renderRefusal } from './confirmation.view.ts';
import type { Kept } from './kept.ts';
import { notWritten } from './not-written.ts';

/**
 * Tells the person privately why nothing is made now, and offers the way back: the request is kept as a draft. After
 * the press of a button nothing needs to be kept, since the button is still there.
 */
export async function refuse(
  interaction: RepliableInteraction,
  draft: Draft,
  refusal: Refusal,
  context: CommandContext,
  kept: Kept | null = null,
): Promise<void> {
  const { text, tools } = context;
  const viewOf = (of: { draftId: string; isAgreed: boolean }) =>
    refusal.view?.(of.draftId) ?? renderRefusal(of, draft, refusal, text, tools);
  if (kept) return void (await kept.answer(viewOf(kept)));
  const isForm = interaction.isModalSubmit();
  // A request that can't be tried again as it is always needs a draft, which the person can change.
  const isWorthKeeping = isForm || interaction.isChatInputCommand() || refusal.instead === null;
  const saved = isWorthKeeping ? await saveDraft(interaction, draft, context) : null;
  // If the draft can't be stored either, the first reason matters more.
  if (!saved?.id) return tell(interaction, refusal.words);
  const view = viewOf({ draftId: saved.id, isAgreed: false });
  await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  // After a plain refusal a person would sooner send the command again than wait for its references.
  if (!interaction.isChatInputCommand() || refusal.instead === null)
    await keepDraftReferences(saved.id, interaction.user.id, draft, context);
}

/** The id of the stored draft, or words that tell the person why it couldn't be stored. */
type Saved = { readonly id: string } | { readonly id: null; readonly words: string };

/** Stores a draft, and deletes the person's oldest ones if they have many. */
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
