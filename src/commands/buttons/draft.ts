import { countReferences } from '../../services/ledger/rows.ts';
import { modelOf } from '../../services/request/models.ts';
import { draftFor, tell } from '../access.ts';
import { staying } from '../draft-from.ts';
import { filesIn } from '../files-field.ts';
import type { Button, Modal } from '../handlers.ts';
import { refusalHere } from '../here.ts';
import { requestWithFiles } from '../request-files.ts';
import { readRequest, requestModal } from '../request-modal.ts';

/** Opens a form with a request that can't be made as it is. */
export const editDraft: Button = {
  action: 'draft',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (!draft) return;
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const { models, text } = context;
    const references = { given: countReferences(draft.references), stay: false };
    const about = { title: text.modal.edit, references };
    await interaction.showModal(
      requestModal({ action: 'draft', subject }, draft.request, about, models, text),
    );
  },
};

/** Makes the request from the completed form. */
export const draftCompleted: Modal = {
  action: 'draft',
  async run(interaction, { subject }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (!draft) return;
    const { fields } = interaction;
    const request = readRequest(fields, draft.request, context.models);
    const { files, stay } = filesIn(fields);
    // The form can't choose among the earlier references, so a model that accepts fewer gets the first ones.
    const room = Math.max(0, modelOf(request.model).maxReferences - files.length);
    const references = staying(draft.references, stay ? room : 0);
    const completed = { ...draft, request, references, adapted: false };
    await requestWithFiles(interaction, completed, files, context);
  },
};
