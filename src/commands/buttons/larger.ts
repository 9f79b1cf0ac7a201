import { resolutionLabel } from '../../services/request/models.ts';
import { redrawPrompt } from '../../services/request/redraw.ts';
import { largerResolution } from '../../services/request/request.ts';
import { generationFor, tell } from '../access.ts';
import { requestFromImage } from '../from-image.ts';
import type { Button } from '../handlers.ts';
import { imageNumbers } from '../image-buttons.ts';
import { askWhich } from '../which-image.ts';

/** Has the model draw the image again at the next larger resolution, with the image as its reference. */
export const larger: Button = {
  action: 'larger',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const { request: made } = stored.generation;
    const resolution = made.tool ? null : largerResolution(made);
    const [first, ...others] = imageNumbers(stored);
    if (!resolution) return tell(interaction, text.noLarger);
    if (!detail && others.length > 0)
      return askWhich(interaction, 'larger', stored, text.whichLarger(resolutionLabel(resolution)), context);
    const changes = { prompt: redrawPrompt(made.prompt), resolution };
    await requestFromImage(interaction, stored, Number(detail ?? first), changes, context);
  },
};
