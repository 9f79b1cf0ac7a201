import { ITEMS_PER_SHEET } from '../../services/ledger/history.ts';
import { MODEL_IDS } from '../../services/request/models.ts';
import type { Button, Select } from '../handlers.ts';
import { showEntry, showSheet } from '../history.ts';
import { decodeState, type HistoryState } from '../history-state.ts';

/** Shows the page of the history that this image is on. */
export const openSheet: Button = {
  action: 'sheet',
  async run(interaction, { subject, detail }, context) {
    await interaction.deferUpdate();
    const { filter, position } = decodeState(detail);
    await showSheet(interaction, filter, subject === null ? null : { id: subject, position }, context);
  },
};

/** Shows only favourites, or everything again. */
export const showStarred: Button = {
  action: 'filter',
  async run(interaction, { detail }, context) {
    await interaction.deferUpdate();
    const { filter } = decodeState(detail);
    await showSheet(interaction, { ...filter, starred: !filter.starred }, null, context);
  },
};

/** Shows only the images of a day, or of a model. */
export const filterHistory: Select = {
  action: 'filter',
  async run(interaction, { subject, detail }, context) {
    await interaction.deferUpdate();
    const { filter } = decodeState(detail);
    const [picked = ''] = interaction.values;
    const changed =
      subject === 'day'
        ? { day: /^\d{1,5}$/.test(picked) ? Number(picked) : null }
        : { model: MODEL_IDS.find((id) => id === picked) ?? null };
    await showSheet(interaction, { ...filter, ...changed }, null, context);
  },
};

/** Shows one image of a page, with its buttons. */
export const openEntry: Button = {
  action: 'open',
  async run(interaction, { subject, detail }, context) {
    await interaction.deferUpdate();
    const state = decodeState(detail);
    const entry = subject && (await context.ledger.history.entry(interaction.user.id, state.filter, subject));
    await showEntry(interaction, entry || null, state, context);
  },
};

export const nextEntry = step('next', 'older');
export const previousEntry = step('prev', 'newer');

/** Shows the next older or newer image. */
function step(action: 'next' | 'prev', to: 'older' | 'newer'): Button {
  return {
    action,
    async run(interaction, { subject, detail }, context) {
      await interaction.deferUpdate();
      const state = decodeState(detail);
      const from = subject ?? '';
      const entry = await context.ledger.history.turn(interaction.user.id, state.filter, { from, to });
      await showEntry(interaction, entry, stepped(state, to), context);
    },
  };
}

/** The position on the page after a step; it wraps, so that pages keep their boundaries however far a person goes. */
function stepped({ filter, position }: HistoryState, to: 'older' | 'newer'): HistoryState {
  return { filter, position: (position + (to === 'older' ? 1 : ITEMS_PER_SHEET - 1)) % ITEMS_PER_SHEET };
}
