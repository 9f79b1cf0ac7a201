import {
  ApplicationCommandType,
  type ButtonInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import type { Draft } from '../../services/ledger/drafts.ts';
import { draftFor, tell } from '../access.ts';
import { type CommandContext, EVERYWHERE, type MessageMenu } from '../command.ts';
import type { Button } from '../handlers.ts';
import { showableUrl } from '../locate-image.ts';
import { draftOfMessage } from '../message-draft.ts';
import { imagesOf, unusableIn } from '../message-images.ts';
import { saveDraft } from '../refuse.ts';
import { requestImages } from '../request-images.ts';
import { named } from '../text/index.ts';
import { renderWhich } from './describe.view.ts';
import { spendAnswer, toolRefusal } from './refusal.ts';

/** A message from a person has no more attachments, and a question has no more embeds. */
const IMAGES_MAX = 10;

type Asked = ButtonInteraction | MessageContextMenuCommandInteraction;
type Reference = Draft['references'][number];

/** Says privately what an image of anyone's message shows, as a prompt to start from. Asks which one if there are several. */
export const describeMessage: MessageMenu = {
  payload: {
    type: ApplicationCommandType.Message,
    ...named((text) => text.tool.name.describe),
    ...EVERYWHERE,
  },

  async run(interaction, context) {
    const { text } = context;
    const references = imagesOf(interaction.targetMessage).slice(0, IMAGES_MAX);
    const [first, ...others] = references;
    if (!first) return tell(interaction, text.noImageThere(unusableIn(interaction.targetMessage)));
    const refusal = await toolRefusal(interaction, 'describe', context);
    if (refusal !== null) return tell(interaction, refusal);
    const { draft: plain, source } = await draftOfMessage(interaction, references, context);
    const prompt = source?.generation.request.prompt ?? text.tool.someImage;
    const draft = { ...plain, request: { ...plain.request, prompt } };
    if (others.length === 0) return describeImage(interaction, first, draft, context);
    const saved = await saveDraft(interaction, draft, context);
    if (saved.id === null) return tell(interaction, saved.words);
    const which = renderWhich(saved.id, references.map(showableUrl), text);
    await interaction.reply({ ...which, flags: MessageFlags.Ephemeral });
  },
};

/** Describes the image that was picked. */
export const describePicked: Button = {
  action: 'describe',
  async run(interaction, { subject, detail }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (!draft) return;
    const reference = draft.references[Number(detail)];
    if (!reference) return tell(interaction, context.text.unknownButton);
    const refusal = await toolRefusal(interaction, 'describe', context);
    if (refusal !== null) return tell(interaction, refusal);
    await describeImage(interaction, reference, draft, context);
  },
};

/** Has an image described in a private reply, as a request of its own. */
async function describeImage(
  interaction: Asked,
  reference: Reference,
  draft: Draft,
  context: CommandContext,
): Promise<void> {
  const { text } = context;
  const images = { count: 1, private: draft.private };
  const tool = { name: 'describe', language: text.tool.language, images } as const;
  const request = { ...draft.request, count: 1, tool };
  const refusal = spendAnswer(interaction, request, context);
  if (refusal !== null) return tell(interaction, refusal);
  await requestImages(interaction, { ...draft, request, references: [reference], private: true }, context);
}
