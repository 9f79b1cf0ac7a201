import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { draftFrom, requestImages } from '../request-images.ts';

/** Asks for the same once more, in a new reply: the person's decision, since the first may have been charged. */
export const retry: Button = {
  action: 'retry',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    // The reservation looks once more; here it is said before anything is asked.
    if (await context.ledger.generations.isBeingRetried(stored.generation.id))
      return tell(interaction, context.text.retryUnderWay);
    const draft = await draftFrom(interaction, stored, context);
    await requestImages(interaction, { ...draft, retry: true }, context);
  },
};
