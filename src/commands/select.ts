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
  const field = fields.fields.get(name);
  const [picked] = field && 'values' in field ? (field.values ?? []) : [];
  return values.find((value) => value === picked) ?? null;
}

/** What was typed into a field; null where the form came without it, which discord.js's own getter throws at. */
export function typedIn(fields: ModalSubmitFields, name: string): string | null {
  const field = fields.fields.get(name);
  return field && 'value' in field && typeof field.value === 'string' ? field.value : null;
}

/** Whether a form came with this selection: an empty one is an answer, too. */
export function isAnswered(fields: ModalSubmitFields, name: string): boolean {
  const field = fields.fields.get(name);
  return field !== undefined && 'values' in field && Array.isArray(field.values);
}
