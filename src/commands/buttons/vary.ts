import { generationFor } from '../access.ts';
import { requestFromImage } from '../from-image.ts';
import type { Button } from '../handlers.ts';
import { type Strength, variationPrompt } from '../variation.ts';

export const varyStrongly = vary('strong');
export const varySubtly = vary('subtle');

/** Makes a variation of an image at once. */
function vary(strength: Strength): Button {
  return {
    action: `vary-${strength}`,
    async run(interaction, { subject, detail }, context) {
      const stored = await generationFor(interaction, subject, 'viewers', context);
      if (!stored) return;
      const prompt = variationPrompt(stored.generation.request, strength, context.text);
      await requestFromImage(interaction, stored, Number(detail), { prompt }, context);
    },
  };
}
