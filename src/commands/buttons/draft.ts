import type { Draft } from '../../services/ledger/drafts.ts';
import { type ModelId, modelOf } from '../../services/request/models.ts';
import { draftFor, tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { refusalHere } from '../here.ts';
import { requestImages } from '../request-images.ts';
import { readRequest, requestModal } from '../request-modal.ts';

/** Opens a request again that can't be made as it is. */
export const editDraft: Button = {
  action: 'draft',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (!draft) return;
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const { models, text } = context;
    const words = { title: text.modal.edit };
    await interaction.showModal(
      requestModal({ action: 'draft', subject }, draft.request, words, models, text),
    );
  },
};

/** Makes the request that was begun, or begun again. */
export const draftCompleted: Modal = {
  action: 'draft',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (draft)
      await requestImages(interaction, completed(draft, interaction.fields, context.models), context);
  },
};

function completed(
  draft: Draft,
  fields: Parameters<typeof readRequest>[0],
  models: readonly ModelId[],
): Draft {
  const request = readRequest(fields, draft.request, models);
  // Nobody can choose among them here: a model that takes fewer gets the first ones.
  return {
    ...draft,
    request,
    adapted: false,
    references: draft.references.slice(0, modelOf(request.model).maxReferences),
  };
}
