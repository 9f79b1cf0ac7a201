import { EVERYTHING } from '../../services/ledger/history.ts';
import type { Button } from '../handlers.ts';
import { showEntry } from '../history.ts';
import { SEARCH_MAX_CHARACTERS } from '../history-state.ts';

/** Shows the next older image, on pages from before the bot had contact sheets. */
export const older = turn('older');

/** Shows the next newer image. */
export const newer = turn('newer');

function turn(to: 'older' | 'newer'): Button {
  return {
    action: to,
    async run(interaction, { subject, detail = '' }, context) {
      await interaction.deferUpdate();
      const filter = { ...EVERYTHING, search: detail.slice(0, SEARCH_MAX_CHARACTERS) };
      const from = subject ?? '';
      const entry = await context.ledger.history.turn(interaction.user.id, filter, { from, to });
      await showEntry(interaction, entry, { filter, position: 0 }, context);
    },
  };
}
