import { unitOf } from '../../services/request/costs.ts';
import { tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { LIMIT_FIELDS, type LimitsOf, limitsModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

/** Opens the server's own limits for changes. */
export const openLimits: Button = {
  action: 'limits',
  async run(interaction, { subject }, context) {
    const rules = await rulesToChange(interaction, context);
    if (!rules) return;
    const { limits, costs, text } = context;
    const of = limitsOf(subject);
    const host = of === 'member' ? limits.person : limits.server;
    await interaction.showModal(limitsModal(of, rules, host, unitOf(costs), text));
  },
};

export const limitsChanged: Modal = {
  action: 'limits',
  async run(interaction, { subject, detail = '' }, context) {
    const shown = detail.split(',');
    const changed = LIMIT_FIELDS[limitsOf(subject)].flatMap((field, index) => {
      const was = shown[index] ?? '';
      const given = typedIn(interaction.fields, field)?.trim() ?? was;
      // Whoever left it as it was doesn't take back what somebody else has changed in the meantime.
      return given === was ? [] : [[field, given] as const];
    });
    if (changed.some(([, given]) => !/^([1-9]\d*)?$/.test(given)))
      return tell(interaction, context.text.rules.badLimit);
    const change = changed.map(([field, given]) => [field, given === '' ? null : Number(given)]);
    const rules = await changeRules(interaction, Object.fromEntries(change), context);
    if (rules) await showRules(interaction, rules, context);
  },
};

function limitsOf(subject: string | null): LimitsOf {
  return subject === 'server' ? 'server' : 'member';
}
