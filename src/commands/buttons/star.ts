import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { showEntry } from '../history.ts';
import { decodeState } from '../history-state.ts';

/** Adds an image to its owner's favourites, or removes it. */
export const star: Button = {
  action: 'star',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    const { ledger, text } = context;
    const { id, userId, starredAt } = stored.generation;
    const isStarred = starredAt === null;
    // Others see the reply of the image, so the answer there is private.
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
