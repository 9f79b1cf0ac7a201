import { ApplicationCommandType, type Message } from 'discord.js';
import { withDefaults } from '../services/defaults.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import { modelOf } from '../services/models.ts';
import { mayBeUsable } from '../services/request.ts';
import { isAllowed, tell } from './access.ts';
import { EVERYWHERE, type MessageMenu } from './command.ts';
import type { Modal } from './handlers.ts';
import { messageUrl } from './message-link.ts';
import { requestImages } from './request-images.ts';
import { readRequest, requestModal } from './request-modal.ts';
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
    const settings = await ledger.settings.of(interaction.user.id);
    const found = await ledger.generations.findByMessage(message.id);
    const source = found && isAllowed(interaction, found, 'viewers') ? found.generation : null;
    const draft = {
      request: { ...withDefaults({}, settings, defaultModel), prompt: '', count: 1 },
      references,
      // What is made of an image that only one person sees isn't shown to everybody.
      private: source?.private || (settings.private ?? false),
      parentId: source?.id ?? null,
      parentUrl: source?.private ? null : messageUrl(message, interaction.guildId),
    };
    // Only the message in the interaction has its images: one that is looked up lacks them without a privileged intent.
    const id = await ledger.drafts.save(interaction.user.id, draft);
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    const words = { title: text.modal.reference, change };
    await interaction.showModal(requestModal({ action: 'draft', subject: id }, draft.request, words, text));
  },
};

/** Makes the request that was begun with the images of a message. */
export const draftCompleted: Modal = {
  action: 'draft',
  async run(interaction, { subject }, context) {
    const found = subject === null ? null : await context.ledger.drafts.find(subject);
    if (!found) return tell(interaction, context.text.forgotten);
    if (found.userId !== interaction.user.id) return tell(interaction, context.text.notYours(found.userId));
    await requestImages(interaction, completed(found.draft, interaction.fields), context);
  },
};

function completed(draft: Draft, fields: Parameters<typeof readRequest>[0]): Draft {
  const request = readRequest(fields, draft.request);
  // Nobody could choose among them: a model that takes fewer gets the first ones.
  return { ...draft, request, references: draft.references.slice(0, modelOf(request.model).maxReferences) };
}

/** What a message shows: attachments, what its embeds show, and both of what it forwards. */
function imagesOf(message: Message): ReferenceSource[] {
  const forwarded = [...message.messageSnapshots.values()];
  return [message, ...forwarded].flatMap(({ attachments, embeds }) => [
    ...[...attachments.values()].flatMap(({ name, url, contentType }) =>
      contentType !== null && mayBeUsable(contentType) ? [imageAt(url, name)] : [],
    ),
    ...embeds.flatMap(({ image, thumbnail }) => {
      const shown = image ?? thumbnail;
      // Discord's own copy, so that no stranger's server learns of the bot.
      return shown ? [imageAt(shown.proxyURL ?? shown.url, 'embed')] : [];
    }),
  ]);
}

function imageAt(url: string, name: string): ReferenceSource {
  return { name, source: 'discord', url, file: null };
}
