import { ownRequestFor, tell } from '../access.ts';
import { draftFrom } from '../draft-from.ts';
import type { Button, Modal } from '../handlers.ts';
import { refusalHere } from '../here.ts';
import { requestImages } from '../request-images.ts';
import { readRequest, requestModal } from '../request-modal.ts';

/** Opens the request for changes. */
export const edit: Button = {
  action: 'edit',
  async run(interaction, { subject }, context) {
    const stored = await ownRequestFor(interaction, subject, context);
    if (!stored) return;
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const { text } = context;
    const { request } = stored.generation;
    await interaction.showModal(
      requestModal({ action: 'edit', subject }, request, { title: text.modal.edit }, context.models, text),
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
    const request = readRequest(interaction.fields, draft.request, context.models);
    await requestImages(interaction, { ...draft, request }, context);
  },
};
