import { isBlank } from '../../services/request/visible.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { pauseModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

/** Asks what to say to those who ask for images in the meantime. */
export const openPause: Button = {
  action: 'pause',
  async run(interaction, _, context) {
    const rules = await rulesToChange(interaction, context);
    if (rules) await interaction.showModal(pauseModal(context.text));
  },
};

/** Takes no new requests in the server; what was begun goes on. */
export const paused: Modal = {
  action: 'pause',
  async run(interaction, _, context) {
    const written = typedIn(interaction.fields, 'reason')?.trim() ?? '';
    const reason = isBlank(written) ? null : written;
    const rules = await changeRules(interaction, { paused: { reason } }, context);
    if (rules) await showRules(interaction, rules, context);
  },
};

/** Takes requests again. */
export const resume: Button = {
  action: 'resume',
  async run(interaction, _, context) {
    const rules = await changeRules(interaction, { paused: null }, context);
    if (rules) await showRules(interaction, rules, context);
  },
};
