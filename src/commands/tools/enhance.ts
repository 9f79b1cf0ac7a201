import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { Draft } from '../../services/ledger/drafts.ts';
import { findObstacle } from '../../services/request/ways-out.ts';
import { draftFor, tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import type { Button } from '../handlers.ts';
import { limitRefusal } from '../here.ts';
import { saveDraft } from '../refuse.ts';
import { requestImages } from '../request-images.ts';
import { renderNotEnhanced } from './enhance.view.ts';
import { spendAnswer, toolRefusal } from './refusal.ts';

/** Has a model rewrite the prompt of a draft. */
export const enhance: Button = {
  action: 'enhance',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (draft) await rewrite(interaction, draft, context);
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
  const { rules, models } = context;
  const allowed = { rules: await rules(), models };
  const isFine =
    !findObstacle(draft.request, draft.references.length, allowed) &&
    (await limitRefusal(interaction, draft, context)) === null;
  return isFine ? rewrite(interaction, draft, context) : requestImages(interaction, draft, context);
}

/** Has the prompt rewritten in a private reply, as a request of its own. The worker keeps the drafts to go on with. */
async function rewrite(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
): Promise<void> {
  const images = { count: draft.request.count, private: draft.private };
  const request = { ...draft.request, count: 1, tool: { name: 'enhance', images } } as const;
  const refusal =
    (await toolRefusal(interaction, 'enhance', context)) ?? spendAnswer(interaction, request, context);
  if (refusal === null) return requestImages(interaction, { ...draft, request, private: true }, context);
  const saved = await saveDraft(interaction, draft, context);
  if (saved.id === null) return tell(interaction, refusal);
  const view = renderNotEnhanced({ words: refusal }, draft.request.prompt, saved.id, context.text);
  await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
}
