import type { ButtonInteraction } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ImageRequest } from '../services/request/request.ts';
import { tell } from './access.ts';
import type { CommandContext } from './command.ts';
import { draftOfImage } from './draft-from.ts';
import { limitRefusal, refusalHere } from './here.ts';
import { locateImage } from './locate-image.ts';
import { requestImages } from './request-images.ts';

/**
 * Makes one image from the one with this number, which is its only reference, by the same request with these changes.
 */
export async function requestFromImage(
  interaction: ButtonInteraction,
  stored: StoredGeneration,
  number: number,
  changes: Partial<ImageRequest>,
  context: CommandContext,
): Promise<void> {
  const { tool: _, ...made } = stored.generation.request;
  const request = { ...made, ...changes, count: 1 };
  // Checked first, so that nothing is looked up for a request that can't be made.
  const refusal =
    (await refusalHere(interaction, context)) ??
    (await limitRefusal(interaction, { request, references: [] }, context));
  if (refusal !== null) return tell(interaction, refusal.words);
  const image = await locateImage(stored, number, interaction.message, context);
  if (!image) return tell(interaction, context.text.imageLost);
  const draft = await draftOfImage(interaction, stored, image, context);
  await requestImages(interaction, { ...draft, request }, context);
}
