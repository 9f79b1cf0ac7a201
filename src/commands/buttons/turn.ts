import type { Button } from '../handlers.ts';
import { showPage } from '../history.ts';

/** Goes on to the next older page of the person's own history. */
export const older = turn('older');

/** Goes back to the next newer one. */
export const newer = turn('newer');

function turn(to: 'older' | 'newer'): Button {
  return {
    action: to,
    async run(interaction, { subject, detail = '' }, context) {
      await interaction.deferUpdate();
      await showPage(interaction, detail, subject === null ? null : { from: subject, to }, context);
    },
  };
}
