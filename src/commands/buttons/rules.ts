import type { AnySelectMenuInteraction, ButtonInteraction } from 'discord.js';
import { QUALITY_LEVELS, RESOLUTIONS } from '../../services/request/models.ts';
import type { ServerRules } from '../../services/request/server-rules.ts';
import { tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import type { Button, Select } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import {
  IMAGE_FIELDS,
  PEOPLE_FIELDS,
  type PickedField,
  renderImageRules,
  renderPeopleRules,
} from '../rules/menus.view.ts';

/** Shows the rules that select menus change, or the overview again. */
export const openRules: Button = {
  action: 'rules',
  async run(interaction, { subject }, context) {
    const rules = await rulesToChange(interaction, context);
    if (!rules) return;
    if (subject !== 'images' && subject !== 'people') return showRules(interaction, rules, context);
    await showMenus(interaction, subject, rules, context);
  },
};

/** Changes the rule that the menu is for. */
export const pickRule: Select = {
  action: 'rule',
  async run(interaction, { subject }, context) {
    const field = [...IMAGE_FIELDS, ...PEOPLE_FIELDS].find((each) => each === subject);
    if (!field) return tell(interaction, context.text.unknownButton);
    const rules = await changeRules(interaction, picked(field, interaction.values, context), context);
    if (!rules) return;
    const isOfImages = IMAGE_FIELDS.some((each) => each === field);
    await showMenus(interaction, isOfImages ? 'images' : 'people', rules, context);
  },
};

async function showMenus(
  interaction: ButtonInteraction | AnySelectMenuInteraction,
  which: 'images' | 'people',
  rules: ServerRules,
  { models, tools, text }: CommandContext,
): Promise<void> {
  const { guild } = interaction;
  const exists = (id: string) => !guild || guild.roles.cache.has(id) || guild.channels.cache.has(id);
  await interaction.update(
    which === 'images'
      ? renderImageRules(rules, { models, tools }, text)
      : renderPeopleRules(rules, exists, text),
  );
}

function picked(
  field: PickedField,
  values: readonly string[],
  { models: offered, tools }: Pick<CommandContext, 'models' | 'tools'>,
): Partial<ServerRules> {
  switch (field) {
    case 'models': {
      const models = offered.filter((model) => values.includes(model));
      // Picking all models also means future ones.
      return { models: models.length === offered.length ? [] : models };
    }
    case 'refusedTools':
      return { refusedTools: tools.filter((tool) => values.includes(tool)) };
    case 'maxResolution':
      return { maxResolution: RESOLUTIONS.find((each) => values.includes(each)) ?? null };
    case 'maxQuality':
      return { maxQuality: QUALITY_LEVELS.find((each) => values.includes(each)) ?? null };
    case 'refusedRoles':
    case 'exemptRoles':
    case 'channels':
      return { [field]: [...values].sort() };
  }
}
