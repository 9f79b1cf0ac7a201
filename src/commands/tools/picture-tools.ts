import { ApplicationCommandType } from 'discord.js';
import type { PictureTool } from '../../services/request/tools.ts';
import { generationFor, tell } from '../access.ts';
import { EVERYWHERE, type MessageMenu } from '../command.ts';
import { draftFrom } from '../draft-from.ts';
import type { Button } from '../handlers.ts';
import { locateImage } from '../locate-image.ts';
import { draftOfMessage } from '../message-draft.ts';
import { imagesOf, unusableIn } from '../message-images.ts';
import { named } from '../text/index.ts';
import { askHow } from './ask.ts';
import { toolRefusal } from './refusal.ts';

/** The tools as their questions begin. The person may choose another factor. */
const UPSCALE: PictureTool = { name: 'upscale', factor: 2 };
const REMOVE_BACKGROUND: PictureTool = { name: 'remove-bg' };

/** A message from a person has no more attachments, and a question has no more embeds. */
const IMAGES_MAX = 10;

export const upscale = buttonOf(UPSCALE);
export const upscaleMessage = menuOf(UPSCALE);
export const removeBackground = buttonOf(REMOVE_BACKGROUND);
export const removeBackgroundOfMessage = menuOf(REMOVE_BACKGROUND);

/** Asks what the tool should do with one of the bot's images. */
function buttonOf(tool: PictureTool): Button {
  return {
    action: tool.name,
    async run(interaction, { subject, detail }, context) {
      const stored = await generationFor(interaction, subject, 'viewers', context);
      if (!stored) return;
      const refusal = await toolRefusal(interaction, tool.name, context);
      if (refusal !== null) return tell(interaction, refusal);
      const number = Number(detail);
      const image = await locateImage(stored, number, interaction.message, context);
      if (!image) return tell(interaction, context.text.imageLost);
      const draft = await draftFrom(interaction, stored, context);
      await askHow(interaction, tool, draft, [{ number, image }], interaction.message, context);
    },
  };
}

/** Asks the same about the images of anyone's message. */
function menuOf(tool: PictureTool): MessageMenu {
  return {
    payload: {
      type: ApplicationCommandType.Message,
      ...named((text) => text.tool.name[tool.name]),
      ...EVERYWHERE,
    },

    async run(interaction, context) {
      const { text } = context;
      const message = interaction.targetMessage;
      const references = imagesOf(message).slice(0, IMAGES_MAX);
      if (references.length === 0) return tell(interaction, text.noImageThere(unusableIn(message)));
      const refusal = await toolRefusal(interaction, tool.name, context);
      if (refusal !== null) return tell(interaction, refusal);
      const { draft, source } = await draftOfMessage(interaction, references, context);
      const prompt = source?.generation.request.prompt ?? text.tool.someImage;
      const images = references.map((image, index) => ({ number: index + 1, image }));
      const wanted = { ...draft, request: { ...draft.request, prompt } };
      await askHow(interaction, tool, wanted, images, message, context);
    },
  };
}
