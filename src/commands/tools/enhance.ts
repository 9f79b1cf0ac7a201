import { MessageFlags, type RepliableInteraction } from 'discord.js';
import { keepDraftReferences } from '../../services/images/draft-references.ts';
import type { Draft } from '../../services/ledger/drafts.ts';
import { enhanceInstruction } from '../../services/request/instructions.ts';
import { modelOf } from '../../services/request/models.ts';
import { PROMPT_MAX_CHARACTERS } from '../../services/request/request.ts';
import { findObstacle } from '../../services/request/ways-out.ts';
import { shorten } from '../../services/shorten.ts';
import { draftFor, tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import type { Button } from '../handlers.ts';
import { limitRefusal } from '../here.ts';
import { saveDraft } from '../refuse.ts';
import { requestImages } from '../request-images.ts';
import { renderEnhanced, renderNotEnhanced } from './enhance.view.ts';
import { spendAnswer, toolRefusal, written } from './written.ts';

/** Has a model rewrite the prompt of a draft. */
export const enhance: Button = {
  action: 'enhance',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (draft && subject !== null) await showEnhanced(interaction, draft, subject, context);
  },
};

/**
 * Shows the person privately their prompt as a model rewrites it, beside the original, before anything is made. A request
 * that can't be made as it was typed is refused as usual, and no model is asked.
 */
export async function enhanceFirst(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
): Promise<void> {
  const { ledger, models } = context;
  const allowed = { rules: await ledger.serverRules.of(interaction.guildId), models };
  const isFine =
    !findObstacle(draft.request, draft.references.length, allowed) &&
    (await limitRefusal(interaction, draft, context)) === null;
  if (!isFine) return requestImages(interaction, draft, context);
  const saved = await saveDraft(interaction, draft, context);
  if (saved.id === null) return tell(interaction, saved.words);
  await showEnhanced(interaction, draft, saved.id, context);
}

async function showEnhanced(
  interaction: RepliableInteraction,
  draft: Draft,
  draftId: string,
  context: CommandContext,
): Promise<void> {
  const { service, text, log } = context;
  const { prompt: typed } = draft.request;
  const refusal = (await toolRefusal(interaction, 'enhance', context)) ?? spendAnswer(interaction, context);
  if (refusal !== null) {
    const view = renderNotEnhanced(refusal, typed, draftId, text);
    return void (await interaction.reply({ ...view, flags: MessageFlags.Ephemeral }));
  }
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const instruction = enhanceInstruction(draft.references.length);
  const answer = await written(() => service.rewrite({ instruction, text: typed }, { log }), context);
  if ('failure' in answer)
    return void (await interaction.editReply(renderNotEnhanced(answer.failure, typed, draftId, text)));
  const enhanced = shorten(answer.said, longestPrompt(draft));
  const rewritten = { ...draft, request: { ...draft.request, prompt: enhanced } };
  const saved = await saveDraft(interaction, rewritten, context);
  await interaction.editReply(
    renderEnhanced({ typed, enhanced }, { typed: draftId, enhanced: saved.id }, text),
  );
  // The references' URLs expire while the person decides.
  if (saved.id !== null) await keepDraftReferences(saved.id, interaction.user.id, rewritten, context);
}

function longestPrompt({ request: { model } }: Draft): number {
  return Math.min(PROMPT_MAX_CHARACTERS, modelOf(model).maxPromptCharacters ?? PROMPT_MAX_CHARACTERS);
}
