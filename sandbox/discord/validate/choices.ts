import { ComponentType as Type } from 'discord-api-types/v10';
import type { FieldError } from '../errors.ts';
import { type AnyComponent, optionsOf, valueLimits } from '../world/components.ts';

type Path = readonly (string | number)[];

/** Components that are answered with picked, ticked or uploaded values. */
export const CHOOSING = new Set<number>([
  Type.StringSelect,
  Type.UserSelect,
  Type.RoleSelect,
  Type.MentionableSelect,
  Type.ChannelSelect,
  Type.FileUpload,
  Type.RadioGroup,
  Type.CheckboxGroup,
]);

/** Discord's errors about a component with choices, beyond its schema (docs: components/reference). */
export function choiceErrors(component: AnyComponent, path: Path): FieldError[] {
  return [
    ...limitErrors(component, path),
    ...optionErrors(component, path),
    ...presetErrors(component, path),
  ];
}

function limitErrors(component: AnyComponent, path: Path): FieldError[] {
  const { min, max } = valueLimits(component);
  const offered = Array.isArray(component.options) ? component.options.length : 25;
  return min > max || max > offered
    ? [
        {
          path: [...path, 'max_values'],
          code: 'BASE_TYPE_BAD_LENGTH',
          message: `Must be between ${min} and ${offered} in length.`,
        },
      ]
    : [];
}

function optionErrors(component: AnyComponent, path: Path): FieldError[] {
  const seen = new Set<unknown>();
  return optionsOf(component).flatMap(({ value }, index) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [
      {
        path: [...path, 'options', index, 'value'],
        code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        message: 'The specified option value is already used',
      },
    ];
  });
}

function presetErrors(component: AnyComponent, path: Path): FieldError[] {
  const { min, max } = valueLimits(component);
  const defaults = Array.isArray(component.default_values) ? component.default_values.length : 0;
  const chosen = optionsOf(component).filter((option) => option.default).length;
  if (chosen > max || defaults > max) {
    // (unofficial) The docs name no code; bots have received this one.
    const code = 'COMPONENT_TOO_MANY_DEFAULT_VALUES';
    const message = 'The specified number of default values exceeds the specified maximum values';
    return [{ path: [...path, defaults > max ? 'default_values' : 'options'], code, message }];
  }
  if (defaults > 0 && defaults < min) {
    const message = `Must be between ${min} and ${max} in length.`;
    return [{ path: [...path, 'default_values'], code: 'BASE_TYPE_BAD_LENGTH', message }];
  }
  return [];
}
