import {
  type APIEmbed,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIStringSelectComponent,
  ComponentType,
} from 'discord.js';
import type { ReplyView } from '../../src/services/discord/reply-message.ts';

/** What Discord would refuse about a message (docs: resources/message, components/reference); UTF-16 units are the strictest count. */
export function messageProblems({ content, embeds, components }: ReplyView): string[] {
  const parts = components.flatMap((row) => row.components.map((part) => ({ custom_id: '', ...part })));
  return [
    within('content', content, 0, 2000),
    between('embeds', embeds.length, 0, 10),
    embeds.flatMap(embedProblems),
    between('characters of all embeds', embeds.flatMap(textsOf).join('').length, 0, 6000),
    between('rows', components.length, 0, 5),
    components.flatMap(rowProblems),
    parts.flatMap(partProblems),
    idProblems(parts.map((part) => part.custom_id)),
  ].flat();
}

type Row = ReplyView['components'][number];

function rowProblems({ components }: Row): string[] {
  const isOfButtons = components.every(({ type }) => type === ComponentType.Button);
  return between('components in a row', components.length, 1, isOfButtons ? 5 : 1);
}

function partProblems(part: Row['components'][number]): string[] {
  if (part.type === ComponentType.Button)
    return within('button label', 'label' in part ? (part.label ?? '') : '', 1, 80);
  const { placeholder = '', min_values = 1, max_values = 1 } = part;
  return [
    within('placeholder', placeholder, 0, 150),
    between('values at least', min_values, 0, 25),
    between('values at most', max_values, Math.max(1, min_values), 25),
    part.type === ComponentType.StringSelect
      ? optionProblems(part)
      : between('values picked', part.default_values?.length ?? 0, 0, max_values),
  ].flat();
}

/** What Discord would refuse about a modal. */
export function modalProblems({
  title,
  custom_id,
  components,
}: APIModalInteractionResponseCallbackData): string[] {
  const labels = components.filter((component) => component.type === ComponentType.Label);
  return [
    within('modal title', title, 1, 45),
    within('modal id', custom_id, 1, 100),
    between('fields', labels.length, 1, 5),
    labels.length === components.length ? [] : ['a field has no label'],
    labels.flatMap(fieldProblems),
    idProblems(labels.map(({ component }) => ('custom_id' in component ? component.custom_id : ''))),
  ].flat();
}

function fieldProblems({ label, description, component }: APILabelComponent): string[] {
  const about = [within('field label', label, 1, 45), within('field hint', description ?? '', 0, 100)].flat();
  if (component.type === ComponentType.TextInput) {
    const { value = '', max_length = 4000 } = component;
    return [...about, ...within('value', value, 0, max_length), ...between('length', max_length, 1, 4000)];
  }
  if (component.type === ComponentType.RadioGroup) {
    const { options } = component;
    return [...about, ...between('radios', options.length, 2, 10), ...optionProblems({ options })];
  }
  if (component.type === ComponentType.FileUpload) {
    const { min_values = 1, max_values = 1 } = component;
    return [...about, ...between('files', max_values, Math.max(1, min_values), 10)];
  }
  if (component.type !== ComponentType.StringSelect) return [...about, 'an unexpected field'];
  const { min_values = 1, required = true } = component;
  return [
    about,
    required && min_values === 0 ? ['a required field takes no value'] : [],
    optionProblems(component),
  ].flat();
}

type Offered = Pick<APIStringSelectComponent, 'options' | 'max_values'>;

function optionProblems({ options, max_values = 1 }: Offered): string[] {
  return [
    between('options', options.length, 1, 25),
    between('picked options', options.filter((option) => option.default).length, 0, max_values),
    options.flatMap((option) => [
      ...within('option label', option.label, 1, 100),
      ...within('option value', option.value, 1, 100),
    ]),
    new Set(options.map(({ value }) => value)).size === options.length ? [] : ['two options are the same'],
  ].flat();
}

function embedProblems({ title = '', description = '', footer }: APIEmbed): string[] {
  return [
    within('embed title', title, 0, 256),
    within('embed description', description, 0, 4096),
    within('embed footer', footer?.text ?? '', 0, 2048),
  ].flat();
}

function textsOf({ title = '', description = '', footer }: APIEmbed): string[] {
  return [title, description, footer?.text ?? ''];
}

function idProblems(ids: readonly string[]): string[] {
  const duplicates = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...ids.flatMap((id) => within('custom id', id, 1, 100)),
    ...duplicates.map((id) => `the custom id ${id} is there twice`),
  ];
}

export function within(what: string, text: string, min: number, max: number): string[] {
  return between(`characters of a ${what}`, text.length, min, max);
}

function between(what: string, count: number, min: number, max: number): string[] {
  return count >= min && count <= max ? [] : [`${count} ${what}, not ${min} to ${max}`];
}
