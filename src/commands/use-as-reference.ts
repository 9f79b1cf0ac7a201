import { ApplicationCommandType, type Message } from 'discord.js';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import { mayBeUsable } from '../services/request.ts';
import { chooseWithin } from '../services/server-rules.ts';
import { isAllowed, tell } from './access.ts';
import { EVERYWHERE, type MessageMenu } from './command.ts';
import { refusalHere } from './here.ts';
import { messageUrl } from './message-link.ts';
import { saveDraft } from './request-images.ts';
import { requestModal } from './request-modal.ts';
import { named } from './text/index.ts';

/** Makes the images of anyone's message references of a new request. */
export const useAsReference: MessageMenu = {
  payload: {
    type: ApplicationCommandType.Message,
    ...named((text) => text.menu.useAsReference),
    ...EVERYWHERE,
  },

  async run(interaction, context) {
    const { ledger, defaultModel, text } = context;
    const message = interaction.targetMessage;
    const references = imagesOf(message);
    if (references.length === 0) return tell(interaction, text.noImageThere);
    const refusal = await refusalHere(interaction, context);
    if (refusal !== null) return tell(interaction, refusal);
    const settings = await ledger.settings.of(interaction.user.id);
    const rules = await ledger.serverRules.of(interaction.guildId);
    const { chosen } = chooseWithin(rules, {}, settings, defaultModel);
    const found = await ledger.generations.findByMessage(message.id);
    const source = found && isAllowed(interaction, found, 'viewers') ? found.generation : null;
    const draft = {
      request: { ...chosen, prompt: '', count: 1 },
      references,
      // What is made of an image that only one person sees isn't shown to everybody.
      private: source?.private || (settings.private ?? false),
      adapted: false,
      parentId: source?.id ?? null,
      parentUrl: source?.private ? null : messageUrl(message, interaction.guildId),
    };
    // Only the message in the interaction has its images: one that is looked up lacks them without a privileged intent.
    const id = await saveDraft(interaction, draft, context);
    if (id === null) return;
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    const words = { title: text.modal.reference, change };
    await interaction.showModal(requestModal({ action: 'draft', subject: id }, draft.request, words, text));
  },
};

/** What a message shows: attachments, what its embeds show, and both of what it forwards. */
function imagesOf(message: Message): ReferenceSource[] {
  const forwarded = [...message.messageSnapshots.values()];
  return [message, ...forwarded].flatMap(({ attachments, embeds }) => [
    ...[...attachments.values()].flatMap(({ name, url, contentType }) =>
      (contentType === null ? IMAGE_NAME.test(name) : mayBeUsable(contentType)) ? [imageAt(url, name)] : [],
    ),
    ...embeds.flatMap(({ image, thumbnail }) => {
      const shown = image ?? thumbnail;
      // Discord's own copy, so that no stranger's server learns of the bot.
      return shown ? [imageAt(shown.proxyURL ?? shown.url, 'embed')] : [];
    }),
  ]);
}

/** What a file that Discord calls no kind of file is told by. */
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|avif)$/i;

function imageAt(url: string, name: string): ReferenceSource {
  return { name, source: 'discord', url, file: null };
}
