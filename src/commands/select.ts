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

/** The same with all values visible, for 2 to 10 of them (docs: components/reference, radio group). */
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

/** A field to pick any number of values; `picked` are preselected. */
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

/** The value picked in a field; null when nothing valid was picked. */
export function pickedIn<Value extends string>(
  fields: ModalSubmitFields,
  name: string,
  values: readonly Value[],
): Value | null {
  const [picked] = answersIn(fields, name) ?? [];
  return values.find((value) => value === picked) ?? null;
}

/** All valid values picked in a field, in their order; null when the form has no answer for the field. */
export function allPickedIn<Value extends string>(
  fields: ModalSubmitFields,
  name: string,
  values: readonly Value[],
): Value[] | null {
  const picked = answersIn(fields, name);
  return picked && values.filter((value) => picked.includes(value));
}

/** The text typed into a field; null when the form lacks the field, for which discord.js's own getter throws. */
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
