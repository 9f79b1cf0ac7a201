import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { chooseWithin } from '../services/request/server-rules.ts';
import { isAllowed, tell } from './access.ts';
import { EVERYWHERE, type MessageMenu } from './command.ts';
import { refusalHere } from './here.ts';
import { imagesOf, unusableIn } from './message-images.ts';
import { messageUrl } from './message-link.ts';
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
    const { ledger, models, text } = context;
    const message = interaction.targetMessage;
    const references = imagesOf(message);
    if (references.length === 0) return tell(interaction, text.noImageThere(unusableIn(message)));
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal.words);
    const settings = await ledger.settings.of(interaction.user.id);
    const rules = await ledger.serverRules.of(interaction.guildId);
    const { chosen } = chooseWithin(rules, {}, settings, context);
    const found = await ledger.generations.findByMessage(message.id);
    const source = found && isAllowed(interaction, found, 'viewers') ? found.generation : null;
    // If only one person sees the message, the new images are private too, and a link to it would be useless.
    const isPrivate = found?.generation.private || message.flags.has(MessageFlags.Ephemeral);
    const draft = {
      request: { ...chosen, prompt: '', transparent: false, count: 1 },
      references,
      private: isPrivate || (settings.private ?? false),
      adapted: false,
      parentId: source?.id ?? null,
      parentUrl: isPrivate ? null : messageUrl(message, interaction.guildId),
    };
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
