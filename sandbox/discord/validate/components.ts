import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { FieldError } from '../errors.ts';
import { type AnyComponent, walkComponents } from '../world/components.ts';
import { CHOOSING, choiceErrors } from './choices.ts';

type Path = readonly (string | number)[];

/** Discord's errors about components, beyond their schema (docs: components/reference). */
export function componentErrors(
  components: readonly AnyComponent[],
  path: Path,
  { isV2 }: { isV2: boolean },
): FieldError[] {
  const all = walkComponents(components, path);
  return [
    ...(isV2 ? [] : legacyLayoutErrors(components, path)),
    ...all.flatMap(({ component, path: at }) => oneComponentErrors(component, at)),
    ...duplicateIds(all),
  ];
}

/** Ids must be unique within a message or a modal. */
export function duplicateIds(all: readonly { component: AnyComponent; path: Path }[]): FieldError[] {
  const seen = new Set<string>();
  return all.flatMap(({ component: { custom_id: id }, path }) => {
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id);
      return [];
    }
    const message = 'Component custom id cannot be duplicated';
    return [{ path: [...path, 'custom_id'], code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message }];
  });
}

const MAX_ROWS = 5;

function legacyLayoutErrors(components: readonly AnyComponent[], path: Path): FieldError[] {
  const errors: FieldError[] = components.flatMap(({ type }, index) =>
    type === ComponentType.ActionRow
      ? []
      : [
          {
            path: [...path, index, 'type'],
            code: 'UNION_TYPE_CHOICES',
            message: 'Value of field "type" must be one of (1,).',
          },
        ],
  );
  if (components.length > MAX_ROWS) {
    errors.push({
      path,
      code: 'BASE_TYPE_BAD_LENGTH',
      message: `Must be between 1 and ${MAX_ROWS} in length.`,
    });
  }
  return errors;
}

function oneComponentErrors(component: AnyComponent, path: Path): FieldError[] {
  switch (component.type) {
    case ComponentType.ActionRow:
      return rowErrors(component.components ?? [], path);
    case ComponentType.Button:
      return buttonErrors(component, path);
    default:
      return CHOOSING.has(component.type) ? choiceErrors(component, path) : [];
  }
}

/** A row holds buttons, or a single component of another kind. */
export function rowErrors(inside: readonly AnyComponent[], path: Path): FieldError[] {
  return inside.length > 1 && inside.some(({ type }) => type !== ComponentType.Button)
    ? [
        {
          path: [...path, 'components', 1],
          code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
          message: 'The specified component exceeds the maximum width',
        },
      ]
    : [];
}

function buttonErrors(button: AnyComponent, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const isLink = button.style === ButtonStyle.Link;
  const isPremium = button.style === ButtonStyle.Premium;
  if (!isLink && !isPremium && !button.custom_id) errors.push(required([...path, 'custom_id']));
  if (isLink && !button.url) errors.push(required([...path, 'url']));
  if (isPremium && !button.sku_id) errors.push(required([...path, 'sku_id']));
  if ((isLink || isPremium) && button.custom_id) {
    const message = 'A custom id and url cannot both be specified';
    errors.push({
      path: [...path, 'custom_id'],
      code: 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
      message,
    });
  }
  if (!isPremium && !button.label && !button.emoji) {
    const message = 'A button must have a label or an emoji';
    errors.push({ path: [...path, 'label'], code: 'BASE_TYPE_REQUIRED', message });
  }
  return errors;
}

function required(path: Path): FieldError {
  return { path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
}
