import { NO_RULES } from '../../services/request/server-rules.ts';
import type { Button } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { renderResetQuestion } from '../rules/overview.view.ts';

/** Asks before all rules are reset. */
export const askReset: Button = {
  action: 'reset-rules',
  async run(interaction, _, context) {
    const rules = await rulesToChange(interaction, context);
    if (rules) await interaction.update(renderResetQuestion(context.text));
  },
};

export const resetRules: Button = {
  action: 'reset-rules-now',
  async run(interaction, _, context) {
    const rules = await changeRules(interaction, NO_RULES, context);
    if (rules) await showRules(interaction, rules, context);
  },
};
