import { countReferences } from '../../services/ledger/rows.ts';
import { ownRequestFor, tell } from '../access.ts';
import { draftFrom, staying } from '../draft-from.ts';
import { filesIn } from '../files-field.ts';
import type { Button, Modal } from '../handlers.ts';
import { refusalHere } from '../here.ts';
import { requestWithFiles } from '../request-files.ts';
import { readRequest, requestModal } from '../request-modal.ts';

/** Opens a form to change the request. */
export const edit: Button = {
  action: 'edit',
  async run(interaction, { subject }, context) {
    const stored = await ownRequestFor(interaction, subject, context);
    if (!stored) return;
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const { text } = context;
    const { request } = stored.generation;
    // One that couldn't be used doesn't go along again.
    const draft = await draftFrom(interaction, stored, context);
    const references = { given: countReferences(draft.references), stay: false };
    const about = { title: text.modal.edit, references };
    await interaction.showModal(
      requestModal({ action: 'edit', subject }, request, about, context.models, text),
    );
  },
};

/** Makes the changed request, in a new reply. */
export const edited: Modal = {
  action: 'edit',
  async run(interaction, { subject }, context) {
    const stored = await ownRequestFor(interaction, subject, context);
    if (!stored) return;
    const draft = await draftFrom(interaction, stored, context);
    const { fields } = interaction;
    const request = readRequest(fields, draft.request, context.models);
    const { files, stay } = filesIn(fields);
    const references = staying(draft.references, stay ? Number.POSITIVE_INFINITY : 0);
    await requestWithFiles(interaction, { ...draft, request, references }, files, context);
  },
};
