import type { RepliableInteraction } from 'discord.js';
import type { Draft } from '../../services/ledger/drafts.ts';
import type { StoredGeneration } from '../../services/ledger/generations.ts';
import { generationFor, tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { locateImage } from '../locate-image.ts';
import { draftFrom, requestImages } from '../request-images.ts';
import { readRequest, requestModal } from '../request-modal.ts';
import { askWhich, imageNumbers } from '../which-image.ts';

/** Asks what should change in an image; of several, which one first. */
export const reference: Button = {
  action: 'reference',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const [first, ...others] = imageNumbers(stored);
    if (first === undefined) return tell(interaction, text.imageLost);
    if (!detail && others.length > 0)
      return askWhich(interaction, 'reference', stored, text.whichReference, text);
    const id = { action: 'reference', subject, detail: detail ?? String(first) } as const;
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    const request = { ...stored.generation.request, prompt: '' };
    await interaction.showModal(requestModal(id, request, { title: text.modal.reference, change }, text));
  },
};

/** Makes something new of the image, in a new reply. */
export const referenceGiven: Modal = {
  action: 'reference',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const image = await locateImage(stored, Number(detail), interaction.message, context);
    if (!image) return tell(interaction, context.text.imageLost);
    const draft = draftOfImage(interaction, stored, image);
    const request = readRequest(interaction.fields, draft.request);
    await requestImages(interaction, { ...draft, request }, context);
  },
};

/** One image that is made from another one. */
export function draftOfImage(
  interaction: RepliableInteraction,
  stored: StoredGeneration,
  image: Draft['references'][number],
): Draft {
  const draft = draftFrom(interaction, stored);
  return { ...draft, request: { ...draft.request, count: 1 }, references: [image] };
}
