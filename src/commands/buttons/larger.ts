import { resolutionLabel } from '../../services/request/models.ts';
import { largerResolution } from '../../services/request/request.ts';
import { generationFor, tell } from '../access.ts';
import { requestFromImage } from '../from-image.ts';
import type { Button } from '../handlers.ts';
import { imageNumbers } from '../image-buttons.ts';
import { askWhich } from '../which-image.ts';

/** Makes the same request at the next larger resolution, with the image as its reference. */
export const larger: Button = {
  action: 'larger',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const resolution = largerResolution(stored.generation.request);
    const [first, ...others] = imageNumbers(stored);
    if (!resolution) return tell(interaction, text.noLarger);
    if (!detail && others.length > 0)
      return askWhich(interaction, 'larger', stored, text.whichLarger(resolutionLabel(resolution)), context);
    await requestFromImage(interaction, stored, Number(detail ?? first), { resolution }, context);
  },
};
