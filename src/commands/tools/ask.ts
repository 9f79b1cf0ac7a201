import {
  type ButtonInteraction,
  type Message,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { keepDraftReferences } from '../../services/images/draft-references.ts';
import type { Draft } from '../../services/ledger/drafts.ts';
import type { ReferenceSource } from '../../services/ledger/rows.ts';
import type { PictureTool, PixelSize } from '../../services/request/tools.ts';
import { tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import { limitRefusal } from '../here.ts';
import { showableUrl } from '../locate-image.ts';
import { saveDraft } from '../refuse.ts';
import { type Choice, renderToolQuestion, waysOf } from './question.view.ts';

type Asked = ButtonInteraction | MessageContextMenuCommandInteraction;

/** A reference of the draft, and its number for the person. */
export interface Numbered {
  readonly number: number;
  readonly image: ReferenceSource;
}

/**
 * Asks the person privately what a tool should do, and with which of these images. `draft` is a request that continues from
 * them, and `seen` is the message that shows them.
 */
export async function askHow(
  interaction: Asked,
  tool: PictureTool,
  draft: Draft,
  images: readonly Numbered[],
  seen: Message,
  context: CommandContext,
): Promise<void> {
  const { prices, text, log } = context;
  const choices = images.map(({ number, image }, index): Choice => {
    const size = sizeIn(seen, image);
    return { index, number: images.length > 1 ? number : null, size, url: showableUrl(image) };
  });
  const usable = choices.filter(({ size }) => waysOf(tool.name, size).length > 0);
  if (usable.length === 0) return tell(interaction, text.tool.largeEnough);
  const request = { ...draft.request, count: 1, transparent: false, tool };
  const wanted = { ...draft, request, references: images.map(({ image }) => image) };
  const limit = await limitRefusal(interaction, { request, references: [] }, context);
  if (limit !== null) return tell(interaction, limit.words);
  const saved = await saveDraft(interaction, wanted, context);
  if (saved.id === null) return tell(interaction, saved.words);
  log.info({ draft: saved.id, tool: tool.name }, 'the person is asked what the tool should do');
  const price = await prices.estimate(request, 1);
  const view = renderToolQuestion(saved.id, tool.name, usable, price, text);
  await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  // The answer may come after the URL has expired. Of several images, all but one would be kept for nothing.
  if (images.length === 1) await keepDraftReferences(saved.id, interaction.user.id, wanted, context);
}

/** The size of an image that is attached to this message. */
function sizeIn(message: Message, { url }: ReferenceSource): PixelSize | null {
  const path = url && URL.parse(url)?.pathname;
  const found = [...message.attachments.values()].find((each) => URL.parse(each.url)?.pathname === path);
  return found?.width && found.height ? { width: found.width, height: found.height } : null;
}
