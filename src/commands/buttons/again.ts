import { COUNT_MAX } from '../../services/request/request.ts';
import { ownRequestFor } from '../access.ts';
import { draftFrom } from '../draft-from.ts';
import type { Button } from '../handlers.ts';
import { requestImages } from '../request-images.ts';

/**
 * Makes the same request once more, for the person who pressed, in a new reply. The button may name another number of
 * images.
 */
export const again: Button = {
  action: 'again',
  async run(interaction, { subject, detail }, context) {
    const stored = await ownRequestFor(interaction, subject, context);
    if (!stored) return;
    const draft = await draftFrom(interaction, stored, context);
    const asked = Number(detail);
    const count = asked >= 1 && asked <= COUNT_MAX ? Math.floor(asked) : draft.request.count;
    await requestImages(interaction, { ...draft, request: { ...draft.request, count } }, context);
  },
};
