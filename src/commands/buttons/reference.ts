import { generationFor, tell } from '../access.ts';
import { draftOfImage } from '../draft-from.ts';
import { filesIn } from '../files-field.ts';
import type { Button, Modal } from '../handlers.ts';
import { refusalHere } from '../here.ts';
import { imageNumbers } from '../image-buttons.ts';
import { locateImage } from '../locate-image.ts';
import { requestWithFiles } from '../request-files.ts';
import { readRequest, requestModal } from '../request-modal.ts';
import { askWhich } from '../which-image.ts';

/** Asks how to change an image. */
export const reference: Button = {
  action: 'reference',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const [first, ...others] = imageNumbers(stored);
    if (first === undefined) return tell(interaction, text.imageLost);
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    if (!detail && others.length > 0)
      return askWhich(interaction, 'reference', stored, text.whichReference, context);
    const id = { action: 'reference', subject, detail: detail ?? String(first) } as const;
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    const about = { title: text.modal.reference, change, references: { given: 1, stay: true } };
    const request = { ...stored.generation.request, prompt: '', count: 1 };
    await interaction.showModal(requestModal(id, request, about, context.models, text));
  },
};

/** Makes a new image from the chosen one, in a new reply. */
export const referenceGiven: Modal = {
  action: 'reference',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const image = await locateImage(stored, Number(detail), interaction.message, context);
    if (!image) return tell(interaction, context.text.imageLost);
    const draft = await draftOfImage(interaction, stored, image, context);
    const { fields } = interaction;
    const request = readRequest(fields, draft.request, context.models);
    await requestWithFiles(interaction, { ...draft, request }, filesIn(fields).files, context);
  },
};
