import {
  type APIEmbed,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
} from 'discord.js';
import type { ReplyView } from '../../src/services/reply-message.ts';

/** What Discord would refuse about a message (docs: resources/message, components/reference); UTF-16 units are the strictest count. */
export function messageProblems({ content, embeds, components }: ReplyView): string[] {
  const buttons = components.flatMap((row) =>
    row.components.map((button) => ({ label: '', custom_id: '', ...button })),
  );
  return [
    within('content', content, 0, 2000),
    between('embeds', embeds.length, 0, 10),
    embeds.flatMap(embedProblems),
    between('characters of all embeds', embeds.flatMap(textsOf).join('').length, 0, 6000),
    between('rows', components.length, 0, 5),
    components.flatMap((row) => between('buttons in a row', row.components.length, 1, 5)),
    buttons.flatMap((button) => within('button label', button.label, 1, 80)),
    idProblems(buttons.map((button) => button.custom_id)),
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
  if (component.type !== ComponentType.StringSelect) return [...about, 'an unexpected field'];
  const { options, min_values = 1, max_values = 1, required = true } = component;
  return [
    about,
    between('options', options.length, 1, 25),
    between('picked options', options.filter((option) => option.default).length, 0, max_values),
    required && min_values === 0 ? ['a required field takes no value'] : [],
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
