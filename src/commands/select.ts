import { type APILabelComponent, ComponentType, type ModalSubmitFields } from 'discord.js';

/** A field of a modal to pick one of the values; `picked` is preselected. */
export function pickOne<Value extends string>(
  name: string,
  label: string,
  values: readonly Value[],
  picked: Value | null,
  labelOf: (value: Value) => string,
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    component: {
      type: ComponentType.StringSelect,
      custom_id: name,
      required: true,
      min_values: 1,
      max_values: 1,
      options: optionsOf(values, (value) => value === picked, labelOf),
    },
  };
}

/** The same with all values in sight, for 2 to 10 of them (docs: components/reference, radio group). */
export function pickInSight<Value extends string>(
  name: string,
  label: string,
  values: readonly Value[],
  picked: Value,
  labelOf: (value: Value) => string,
): APILabelComponent {
  const options = optionsOf(values, (value) => value === picked, labelOf);
  return {
    type: ComponentType.Label,
    label,
    component: { type: ComponentType.RadioGroup, custom_id: name, required: true, options },
  };
}

/** A field in which any of the values are picked; `picked` are those that are there already. */
export function pickSome<Value extends string>(
  name: string,
  label: string,
  values: readonly Value[],
  picked: readonly Value[],
  labelOf: (value: Value) => string,
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    component: {
      type: ComponentType.StringSelect,
      custom_id: name,
      required: false,
      min_values: 0,
      max_values: values.length,
      options: optionsOf(values, (value) => picked.includes(value), labelOf),
    },
  };
}

function optionsOf<Value extends string>(
  values: readonly Value[],
  isPicked: (value: Value) => boolean,
  labelOf: (value: Value) => string,
) {
  return values.map((value) => ({ value, label: labelOf(value), default: isPicked(value) }));
}

/** What was picked in a field, where it is one of the values; null where nothing was. */
export function pickedIn<Value extends string>(
  fields: ModalSubmitFields,
  name: string,
  values: readonly Value[],
): Value | null {
  const [picked] = answersIn(fields, name) ?? [];
  return values.find((value) => value === picked) ?? null;
}

/** All that was picked in a field of those values, in their order; null where the form came without the field's answer. */
export function allPickedIn<Value extends string>(
  fields: ModalSubmitFields,
  name: string,
  values: readonly Value[],
): Value[] | null {
  const picked = answersIn(fields, name);
  return picked && values.filter((value) => picked.includes(value));
}

/** What was typed into a field; null where the form came without it, which discord.js's own getter throws at. */
export function typedIn(fields: ModalSubmitFields, name: string): string | null {
  const field = fields.fields.get(name);
  return field && 'value' in field && typeof field.value === 'string' ? field.value : null;
}

/** Whether a form has this selection. An empty one is an answer too. */
export function isAnswered(fields: ModalSubmitFields, name: string): boolean {
  return answersIn(fields, name) !== null;
}

/** The values of a select menu, or the one of a radio group. */
function answersIn(fields: ModalSubmitFields, name: string): readonly unknown[] | null {
  const field = fields.fields.get(name);
  if (!field) return null;
  if ('values' in field && Array.isArray(field.values)) return field.values;
  return 'value' in field && typeof field.value === 'string' ? [field.value] : null;
}
