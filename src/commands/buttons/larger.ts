import { resolutionLabel } from '../../services/request/models.ts';
import { largerResolution } from '../../services/request/request.ts';
import { generationFor, tell } from '../access.ts';
import { draftOfImage } from '../draft-from.ts';
import type { Button } from '../handlers.ts';
import { limitRefusal, refusalHere } from '../here.ts';
import { locateImage } from '../locate-image.ts';
import { requestImages } from '../request-images.ts';
import { askWhich, imageNumbers } from '../which-image.ts';

/** The same request at the next resolution, with the image as its reference; of several, which one is asked first. */
export const larger: Button = {
  action: 'larger',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const resolution = largerResolution(stored.generation.request);
    const [first, ...others] = imageNumbers(stored);
    if (!resolution) return tell(interaction, text.noLarger);
    if (!detail && others.length > 0) {
      return askWhich(interaction, 'larger', stored, text.whichLarger(resolutionLabel(resolution)), context);
    }
    const request = { ...stored.generation.request, resolution, count: 1 };
    // Before anything is looked up for what can't be made.
    const refusal =
      (await refusalHere(interaction, context)) ??
      (await limitRefusal(interaction, { request, references: [] }, context));
    if (refusal !== null) return tell(interaction, refusal.words);
    const image = await locateImage(stored, Number(detail ?? first), interaction.message, context);
    if (!image) return tell(interaction, text.imageLost);
    const draft = await draftOfImage(interaction, stored, image, context);
    await requestImages(interaction, { ...draft, request }, context);
  },
};
