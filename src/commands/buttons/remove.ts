import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { showSheet } from '../history.ts';
import { renderRemoval } from '../history.view.ts';
import { decodeState } from '../history-state.ts';

/** Asks before an image is removed from the history. */
export const askRemove: Button = {
  action: 'remove',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    const view = renderRemoval(stored.generation, decodeState(detail), context.text);
    await interaction.update({ ...view, files: [], attachments: [] });
  },
};

/** Deletes the request with everything that is stored of it, and shows the page that it was on. */
export const removeNow: Button = {
  action: 'remove-now',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    // Another message has it checked again.
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    await interaction.deferUpdate();
    const { ledger, files, log } = context;
    const { id, userId } = stored.generation;
    const forgotten = await ledger.storedData.forgetOne(userId, id);
    await files.removeAll(forgotten.files);
    log.info(
      { generation: id, files: forgotten.files.length },
      'a person removed an image from their history',
    );
    await ledger.emptyLog();
    const { filter, position } = decodeState(detail);
    await showSheet(interaction, filter, { id, position }, context);
  },
};
