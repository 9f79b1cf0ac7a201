import { isBlank } from '../../services/request/visible.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { pauseModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

/** Asks for the text to show to people who ask for images during the pause. */
export const openPause: Button = {
  action: 'pause',
  async run(interaction, _, context) {
    const rules = await rulesToChange(interaction, context);
    if (rules) await interaction.showModal(pauseModal(context.text));
  },
};

/** Refuses new requests in the server; those under way continue. */
export const paused: Modal = {
  action: 'pause',
  async run(interaction, _, context) {
    const written = typedIn(interaction.fields, 'reason')?.trim() ?? '';
    const reason = isBlank(written) ? null : written;
    const rules = await changeRules(interaction, { paused: { reason } }, context);
    if (rules) await showRules(interaction, rules, context);
  },
};

/** Accepts requests again. */
export const resume: Button = {
  action: 'resume',
  async run(interaction, _, context) {
    const rules = await changeRules(interaction, { paused: null }, context);
    if (rules) await showRules(interaction, rules, context);
  },
};
