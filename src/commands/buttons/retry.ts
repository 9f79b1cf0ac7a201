import { generationFor, tell } from '../access.ts';
import { draftFrom, withoutFaulty } from '../draft-from.ts';
import type { Button } from '../handlers.ts';
import { WITHOUT_FAULTY } from '../next-buttons.ts';
import { requestImages } from '../request-images.ts';
import { spendAnswer } from '../tools/refusal.ts';

/** Makes the same request once more, in a new reply. The person decides this, since the first may have been charged. */
export const retry: Button = {
  action: 'retry',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    // The reservation checks this again; here the person hears it before any question.
    if (await context.ledger.generations.isBeingRetried(stored.generation.id))
      return tell(interaction, context.text.retryUnderWay);
    const tooMany = spendAnswer(interaction, stored.generation.request, context);
    if (tooMany !== null) return tell(interaction, tooMany);
    const draft = await draftFrom(interaction, stored, context);
    const references =
      detail === WITHOUT_FAULTY ? withoutFaulty(stored.references, stored.tasks) : draft.references;
    await requestImages(interaction, { ...draft, references, retry: true }, context);
  },
};
