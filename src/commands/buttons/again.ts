import { ownRequestFor } from '../access.ts';
import { draftFrom } from '../draft-from.ts';
import type { Button } from '../handlers.ts';
import { requestImages } from '../request-images.ts';

/** The same request once more, for whoever presses, in a new reply. */
export const again: Button = {
  action: 'again',
  async run(interaction, { subject }, context) {
    const stored = await ownRequestFor(interaction, subject, context);
    if (stored) await requestImages(interaction, await draftFrom(interaction, stored, context), context);
  },
};
