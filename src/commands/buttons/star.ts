import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { showEntry } from '../history.ts';
import { decodeState } from '../history-state.ts';

/** Makes an image one of its owner's favourites, or none any more. */
export const star: Button = {
  action: 'star',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    const { ledger, text } = context;
    const { id, userId, starredAt } = stored.generation;
    const isStarred = starredAt === null;
    // Under the image itself, which others see, the answer is the person's alone.
    if (!detail) {
      await ledger.generations.star(id, userId, isStarred);
      return tell(interaction, isStarred ? text.contactSheet.starred : text.contactSheet.unstarred);
    }
    await interaction.deferUpdate();
    await ledger.generations.star(id, userId, isStarred);
    const state = decodeState(detail);
    await showEntry(interaction, await ledger.history.entry(userId, state.filter, id), state, context);
  },
};
