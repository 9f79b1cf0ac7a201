import {
  ApplicationCommandType,
  type ButtonInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { FetchError } from '../../services/images/fetch.ts';
import { fetchReference } from '../../services/images/fetch-reference.ts';
import { NotAnImageError } from '../../services/images/inspect.ts';
import type { Draft } from '../../services/ledger/drafts.ts';
import { describeInstruction } from '../../services/request/instructions.ts';
import { PROMPT_MAX_CHARACTERS } from '../../services/request/request.ts';
import { shorten } from '../../services/shorten.ts';
import { draftFor, tell } from '../access.ts';
import { type CommandContext, EVERYWHERE, type MessageMenu } from '../command.ts';
import type { Button } from '../handlers.ts';
import { showableUrl } from '../locate-image.ts';
import { draftOfMessage } from '../message-draft.ts';
import { imagesOf, unusableIn } from '../message-images.ts';
import { saveDraft } from '../refuse.ts';
import { named, type Text } from '../text/index.ts';
import { renderDescription, renderWhich } from './describe.view.ts';
import { spendAnswer, toolRefusal, type Written, written } from './written.ts';

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
    const { draft } = await draftOfMessage(interaction, references, context);
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

/** Stores only the request that can be made from the answer. */
async function describeImage(
  interaction: Asked,
  reference: Reference,
  draft: Draft,
  context: CommandContext,
): Promise<void> {
  const refusal = spendAnswer(interaction, context);
  if (refusal !== null) return tell(interaction, refusal);
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const answer = await ask(interaction, reference, context);
  if ('failure' in answer) return void (await interaction.editReply(answer.failure));
  const prompt = shorten(answer.said, PROMPT_MAX_CHARACTERS);
  const request = { ...draft.request, prompt };
  const saved = await saveDraft(interaction, { ...draft, request, references: [] }, context);
  await interaction.editReply(renderDescription(prompt, saved.id, context.text));
}

async function ask({ user }: Asked, { url, source }: Reference, context: CommandContext): Promise<Written> {
  const { fetcher, turns, service, text, log } = context;
  if (url === null) return { failure: text.imageLost };
  try {
    const { bytes, info } = await turns(user.id, () => fetchReference({ source, url }, fetcher, user.id));
    const instruction = describeInstruction(text.tool.language);
    const picture = { mimeType: info.mimeType, bytes };
    return await written(() => service.askAboutPicture({ instruction, picture }, { log }), context);
  } catch (err) {
    if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
    log.info({ err }, 'the image that is to be described cannot be used');
    return { failure: imageWords(err, text) };
  }
}

function imageWords(error: FetchError | NotAnImageError, { tool }: Text): string {
  if (error instanceof NotAnImageError) return tool.ended['reference-not-an-image'];
  return tool.ended[error.kind === 'too-large' ? 'reference-too-large' : 'reference-unavailable'];
}
