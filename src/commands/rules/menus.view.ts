import {
  type APIChannelSelectComponent,
  type APIRoleSelectComponent,
  type APIStringSelectComponent,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
} from 'discord.js';
import { type ModelId, QUALITY_LEVELS, RESOLUTIONS, resolutionLabel } from '../../services/request/models.ts';
import type { ServerRules } from '../../services/request/server-rules.ts';
import type { Tool } from '../../services/request/tools.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonRow, buttonRows, type MessageView } from '../components.ts';
import { encodeCustomId } from '../custom-id.ts';
import type { Text } from '../text/index.ts';
import { ruleLine } from './facts.ts';
import { backButton } from './overview.view.ts';
import { modelLabel } from './shown.ts';

/** The rules whose menus are shown together. */
export const IMAGE_FIELDS = ['models', 'maxResolution', 'maxQuality', 'refusedTools'] as const;
export const PEOPLE_FIELDS = ['refusedRoles', 'exemptRoles', 'channels'] as const;
export type PickedField = (typeof IMAGE_FIELDS | typeof PEOPLE_FIELDS)[number];

/** The value of a menu that means "no limit". */
const ANY = 'any';
const MOST_PICKED = 25;

type Select = APIStringSelectComponent | APIRoleSelectComponent | APIChannelSelectComponent;

/** The menus for models, resolution, quality and tools. Pure. */
export function renderImageRules(
  rules: ServerRules,
  { models: offered, tools }: { readonly models: readonly ModelId[]; readonly tools: readonly Tool[] },
  text: Text,
): MessageView {
  const { models, maxResolution, maxQuality } = rules;
  const isAllowed = (model: string) => models.length === 0 || models.includes(model);
  return view(text.rules.images, IMAGE_FIELDS, rules, text, [
    {
      ...stringSelect('models'),
      max_values: offered.length,
      options: offered.map((model) => ({
        value: model,
        label: modelLabel(model),
        default: isAllowed(model),
      })),
    },
    highestSelect('maxResolution', RESOLUTIONS, maxResolution, resolutionLabel, text),
    highestSelect('maxQuality', QUALITY_LEVELS, maxQuality, (quality) => text.quality[quality], text),
    ...(tools.length > 0 ? [toolSelect(rules, tools, text)] : []),
  ]);
}

/**
 * The menus for roles and channels. Pure. Deleted roles and channels aren't preselected, since nobody documents how
 * Discord treats them.
 */
export function renderPeopleRules(
  rules: ServerRules,
  exists: (id: string) => boolean,
  text: Text,
): MessageView {
  return view(text.rules.people, PEOPLE_FIELDS, rules, text, [
    roleSelect('refusedRoles', rules.refusedRoles.filter(exists), text),
    roleSelect('exemptRoles', rules.exemptRoles.filter(exists), text),
    {
      type: ComponentType.ChannelSelect,
      ...some('channels', text),
      channel_types: [
        ChannelType.GuildText,
        ChannelType.GuildAnnouncement,
        ChannelType.GuildForum,
        ChannelType.GuildVoice,
        ChannelType.GuildStageVoice,
      ],
      default_values: rules.channels
        .filter(exists)
        .map((id) => ({ id, type: SelectMenuDefaultValueType.Channel })),
    },
  ]);
}

/** A menu with a selection doesn't show what it is for, so the lines above name the rules in the same order. */
function view(
  { title, hint }: { title: string; hint: string },
  fields: readonly PickedField[],
  rules: ServerRules,
  text: Text,
  selects: readonly Select[],
): MessageView {
  const lines = fields.map((field, index) => `${index + 1}. ${ruleLine(field, rules, text)}`);
  const rows: ButtonRow[] = selects.map((select) => ({
    type: ComponentType.ActionRow,
    components: [select],
  }));
  return {
    content: '',
    embeds: [{ color: ACCENT, title, description: [...lines, '', `-# ${hint}`].join('\n') }],
    components: [...rows, ...buttonRows([backButton(text)])],
  };
}

function highestSelect<Value extends string>(
  field: 'maxResolution' | 'maxQuality',
  values: readonly Value[],
  highest: Value | null,
  labelOf: (value: Value) => string,
  { rules }: Text,
): APIStringSelectComponent {
  const below = values.slice(0, -1).map((value) => ({
    value,
    label: rules.atMost(rules.field[field], labelOf(value)),
    default: value === highest,
  }));
  const any = {
    value: ANY,
    label: rules.atMost(rules.field[field], rules.noLimit),
    default: highest === null,
  };
  return { ...stringSelect(field), options: [any, ...below] };
}

function toolSelect(
  { refusedTools }: ServerRules,
  tools: readonly Tool[],
  text: Text,
): APIStringSelectComponent {
  const options = tools.map((tool) => ({
    value: tool,
    label: text.tool.name[tool],
    default: refusedTools.includes(tool),
  }));
  const most = { min_values: 0, max_values: tools.length };
  const placeholder = text.rules.pick(text.rules.field.refusedTools);
  return { ...stringSelect('refusedTools'), ...most, placeholder, options };
}

function stringSelect(field: PickedField) {
  const id = encodeCustomId({ action: 'rule', subject: field });
  return { type: ComponentType.StringSelect as const, custom_id: id, min_values: 1 };
}

function roleSelect(
  field: 'refusedRoles' | 'exemptRoles',
  picked: readonly string[],
  text: Text,
): APIRoleSelectComponent {
  return {
    type: ComponentType.RoleSelect,
    ...some(field, text),
    default_values: picked.map((id) => ({ id, type: SelectMenuDefaultValueType.Role })),
  };
}

/** Allows any number, also none. */
function some(field: PickedField, text: Text) {
  const id = encodeCustomId({ action: 'rule', subject: field });
  return {
    custom_id: id,
    min_values: 0,
    max_values: MOST_PICKED,
    placeholder: text.rules.pick(text.rules.field[field]),
  };
}
