import {
  type APIInteractionDataResolved,
  type APIModalInteractionResponseCallbackData,
  ComponentType as Type,
} from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import { type AnyComponent, optionsOf, valueLimits } from '../world/components.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';
import { checkFileType, isPersonFile, type PersonFile, upload } from './person-file.ts';
import { mergeResolved, resolveId } from './resolved.ts';
import { checkIds, ID_SELECTS } from './selectable.ts';

/** A person's input for a field: text, picked values or ids, a tick, or files. */
export type FieldValue = string | boolean | readonly (string | PersonFile)[];

interface Filling {
  world: World;
  cdn: Cdn;
  act: Act;
}

/**
 * Fills a modal as Discord's client does. Fields that aren't given keep their preset.
 * @throws {Error} that names a field with an invalid value.
 */
export function fillModal(
  modal: APIModalInteractionResponseCallbackData,
  fields: Readonly<Record<string, FieldValue>>,
  filling: Filling,
) {
  const components = modal.components as unknown as AnyComponent[];
  const inputs = components.flatMap((top) => [
    ...(top.components ?? []),
    ...(top.component ? [top.component] : []),
  ]);
  const stray = Object.keys(fields).find((id) => !inputs.some(({ custom_id }) => custom_id === id));
  if (stray !== undefined) throw new Error(`the modal has no field ${stray}`);
  const values = new Map(inputs.map((input) => [input, checked(input, fields[input.custom_id ?? ''])]));
  return complete(modal, components, values, filling);
}

async function complete(
  modal: APIModalInteractionResponseCallbackData,
  components: readonly AnyComponent[],
  values: ReadonlyMap<AnyComponent, FieldValue>,
  filling: Filling,
) {
  const resolved: APIInteractionDataResolved[] = [];
  const submitInput = async (input: AnyComponent, id: number) => {
    const value = values.get(input) ?? '';
    const base = { type: input.type, id: input.id ?? id, custom_id: input.custom_id };
    if (!Array.isArray(value)) return { ...base, value };
    const picked = await Promise.all(
      value.map(async (item: string | PersonFile) => {
        if (!isPersonFile(item)) {
          if (ID_SELECTS.has(input.type)) {
            checkIds(filling.world, filling.act, input, [item]);
            resolved.push(resolveId(filling.world, filling.act, item));
          }
          return item;
        }
        const place = { channelId: filling.act.channel.id, ephemeral: true };
        const attachment = await upload(filling.cdn, item, place);
        resolved.push({ attachments: { [attachment.id]: attachment } });
        return attachment.id;
      }),
    );
    return input.type === Type.RadioGroup
      ? { ...base, value: picked[0] ?? null }
      : { ...base, values: picked };
  };
  const submitted = await Promise.all(
    components.map(async (top, index) => {
      const base = { type: top.type, id: top.id ?? 2 * index + 1 };
      if (top.component) return { ...base, component: await submitInput(top.component, 2 * index + 2) };
      const inside = (top.components ?? []).map((input) => submitInput(input, 2 * index + 2));
      return top.components ? { ...base, components: await Promise.all(inside) } : base;
    }),
  );
  return { custom_id: modal.custom_id, components: submitted, resolved: mergeResolved(resolved) };
}

const CHOOSING = new Set<number>([Type.StringSelect, Type.RadioGroup, Type.CheckboxGroup]);

function checked(input: AnyComponent, given: FieldValue | undefined): FieldValue {
  switch (input.type) {
    case Type.Checkbox:
      return given ?? input.default === true;
    case Type.TextInput:
      return checkedText(input, given ?? String(input.value ?? ''));
    default:
      return checkedValues(input, given ?? presets(input));
  }
}

function checkedValues(input: AnyComponent, given: FieldValue): readonly (string | PersonFile)[] {
  const name = input.custom_id;
  if (typeof given === 'boolean') throw new Error(`field ${name} takes values`);
  const picked = typeof given === 'string' ? [given] : given;
  const { min, max } = valueLimits(input);
  if (picked.length === 0 && input.required === false) return picked;
  if (picked.length < min || picked.length > max) {
    throw new Error(`field ${name} takes ${min} to ${max} values`);
  }
  for (const value of picked) {
    if (!takes(input, value)) {
      throw new Error(`field ${name} doesn't take ${isPersonFile(value) ? value.name : value}`);
    }
    if (isPersonFile(value)) checkFileType(value, input.file_types as string[] | undefined, `field ${name}`);
  }
  return picked;
}

function takes(input: AnyComponent, value: string | PersonFile): boolean {
  if (isPersonFile(value)) return input.type === Type.FileUpload;
  if (!CHOOSING.has(input.type)) return input.type !== Type.FileUpload;
  return optionsOf(input).some((option) => option.value === value);
}

function checkedText(input: AnyComponent, value: FieldValue): string {
  const [min, max] = [Number(input.min_length ?? 0), Number(input.max_length ?? 4000)];
  const name = input.custom_id;
  if (typeof value !== 'string') throw new Error(`field ${name} takes text`);
  if (value === '' && input.required !== false) throw new Error(`field ${name} is required`);
  if (value !== '' && (value.length < min || value.length > max)) {
    throw new Error(`field ${name} takes ${min} to ${max} characters`);
  }
  return value;
}

function presets(input: AnyComponent): string[] {
  const defaults = Array.isArray(input.default_values) ? input.default_values : [];
  return [
    ...optionsOf(input)
      .filter((option) => option.default)
      .map(({ value }) => value),
    ...defaults.map(({ id }: { id: string }) => id),
  ];
}
