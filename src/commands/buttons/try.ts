import { draftFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { fromRefusal } from '../kept.ts';
import { requestImages } from '../request-images.ts';
import { spendAnswer } from '../tools/refusal.ts';

/** Makes a refused request again, in a new reply. The detail is the number of images that the button offers. */
export const tryAgain: Button = {
  action: 'try',
  async run(interaction, { subject, detail }, context) {
    const draft = await draftFor(interaction, subject, context);
    if (!draft || subject === null) return;
    const tooMany = spendAnswer(interaction, draft.request, context);
    if (tooMany !== null) return tell(interaction, tooMany);
    const agreed = /^[1-9]$/.test(detail ?? '') ? Number(detail) : null;
    const count = Math.min(agreed ?? draft.request.count, draft.request.count);
    const kept = fromRefusal(interaction, subject, { isAgreed: agreed !== null, isPrivate: draft.private });
    await requestImages(interaction, { ...draft, request: { ...draft.request, count } }, context, kept);
  },
};
