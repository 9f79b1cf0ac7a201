import { type APILabelComponent, ComponentType, type ModalSubmitFields } from 'discord.js';

/** A field of a modal in which one of the values is picked; `picked` is the one that is there already. */
export function pickOne<Value extends string>(
  name: string,
  label: string,
  values: readonly Value[],
  picked: Value | null,
  labelOf: (value: Value) => string,
  { required = true }: { required?: boolean } = {},
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    component: {
      type: ComponentType.StringSelect,
      custom_id: name,
      required,
      min_values: required ? 1 : 0,
      max_values: 1,
      options: values.map((value) => ({ value, label: labelOf(value), default: value === picked })),
    },
  };
}

/** What was picked in a field, where it is one of the values; null where nothing was. */
export function pickedIn<Value extends string>(
  fields: ModalSubmitFields,
  name: string,
  values: readonly Value[],
): Value | null {
  const [picked] = fields.getStringSelectValues(name);
  return values.find((value) => value === picked) ?? null;
}
