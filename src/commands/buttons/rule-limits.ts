import type { Unit } from '../../services/request/limits.ts';
import { tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { LIMIT_FIELDS, type LimitsOf, limitsModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

/** Opens a form to change the server's own limits. */
export const openLimits: Button = {
  action: 'limits',
  async run(interaction, { subject }, context) {
    const rules = await rulesToChange(interaction, context);
    if (!rules) return;
    const { limits, text } = context;
    const of = limitsOf(subject);
    const host = of === 'member' ? limits.person : limits.server;
    await interaction.showModal(limitsModal(of, rules, host, limits.unit, text));
  },
};

export const limitsChanged: Modal = {
  action: 'limits',
  async run(interaction, { subject, detail = '' }, context) {
    const shown = detail.split(',');
    const changed = LIMIT_FIELDS[limitsOf(subject)].flatMap((field, index) => {
      const was = shown[index] ?? '';
      const given = typedIn(interaction.fields, field)?.trim() ?? was;
      // An unchanged field must not undo what somebody else has changed in the meantime.
      return given === was ? [] : [[field, given] as const];
    });
    const { limits, text } = context;
    if (!changed.every(([field, given]) => given === '' || isLimit(given, field, limits.unit)))
      return tell(interaction, text.rules.badLimit[limits.unit]);
    const change = changed.map(([field, given]) => [field, given === '' ? null : Number(given)]);
    const rules = await changeRules(interaction, Object.fromEntries(change), context);
    if (rules) await showRules(interaction, rules, context);
  },
};

/** Coins come in fractions; requests and images don't. */
function isLimit(given: string, field: string, unit: Unit): boolean {
  if (/^[1-9]\d*$/.test(given)) return true;
  return unit === 'coins' && field.endsWith('PerDay') && /^\d+\.\d+$/.test(given) && Number(given) > 0;
}

function limitsOf(subject: string | null): LimitsOf {
  return subject === 'server' ? 'server' : 'member';
}
