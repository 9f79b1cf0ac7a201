import { ApplicationCommandType } from 'discord.js';
import { tell } from './access.ts';
import { EVERYWHERE, type MessageMenu } from './command.ts';
import { refusalHere } from './here.ts';
import { draftOfMessage } from './message-draft.ts';
import { imagesOf, unusableIn } from './message-images.ts';
import { saveDraft } from './refuse.ts';
import { requestModal } from './request-modal.ts';
import { named } from './text/index.ts';

/** Uses the images of anyone's message as references for a new request. */
export const useAsReference: MessageMenu = {
  payload: {
    type: ApplicationCommandType.Message,
    ...named((text) => text.menu.useAsReference),
    ...EVERYWHERE,
  },

  async run(interaction, context) {
    const { models, text } = context;
    const message = interaction.targetMessage;
    const references = imagesOf(message);
    if (references.length === 0) return tell(interaction, text.noImageThere(unusableIn(message)));
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const { draft } = await draftOfMessage(interaction, references, context);
    // The images must be saved from the interaction's message: one that is looked up lacks them without a privileged
    // intent.
    const saved = await saveDraft(interaction, draft, context);
    if (saved.id === null) return tell(interaction, saved.words);
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    const about = {
      title: text.modal.reference,
      change,
      references: { given: references.length, stay: true },
    };
    await interaction.showModal(
      requestModal({ action: 'draft', subject: saved.id }, draft.request, about, models, text),
    );
  },
};
