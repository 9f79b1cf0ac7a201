import { ModalInteractionCallbackRequestDataSchema } from 'discord-api-spec/zod';
import { type APIModalInteractionResponseCallbackData, ComponentType as Type } from 'discord-api-types/v10';
import { type FieldError, invalidFormBody } from '../errors.ts';
import { type AnyComponent, walkComponents } from '../world/components.ts';
import { CHOOSING, choiceErrors } from './choices.ts';
import { duplicateIds, rowErrors } from './components.ts';
import { schemaErrors } from './schema.ts';

type Path = readonly (string | number)[];

/** The description allows 40. */
const MAX_COMPONENTS = 5;
const MAX_LENGTH = 4000;

/** Checks the `data` of a modal response. @throws {DiscordError} 50035. */
export function checkModal(data: unknown): APIModalInteractionResponseCallbackData {
  const errors: FieldError[] = schemaErrors(ModalInteractionCallbackRequestDataSchema, data, ['data']);
  if (errors.length > 0) throw invalidFormBody(errors);
  const modal = data as APIModalInteractionResponseCallbackData;
  const path = ['data', 'components'];
  if (modal.components.length > MAX_COMPONENTS) {
    const message = `Must be between 1 and ${MAX_COMPONENTS} in length.`;
    errors.push({ path, code: 'BASE_TYPE_BAD_LENGTH', message });
  }
  const all = walkComponents(modal.components as unknown as AnyComponent[], path);
  errors.push(
    ...all.flatMap(({ component, path: at }) => componentErrors(component, at)),
    ...duplicateIds(all),
  );
  if (errors.length > 0) throw invalidFormBody(errors);
  return modal;
}

/** docs: components/reference – errors about a modal's components, beyond their schema. */
function componentErrors(component: AnyComponent, path: Path): FieldError[] {
  if (component.type === Type.ActionRow) return rowErrors(component.components ?? [], path);
  if (component.type === Type.TextInput) return textErrors(component, path);
  if (!CHOOSING.has(component.type)) return [];
  return [
    ...choiceErrors(component, path),
    ...requirementErrors(component, path),
    ...disabledErrors(component, path),
    ...fileTypeErrors(component, path),
  ];
}

function textErrors({ min_length: min, max_length: max, value }: AnyComponent, path: Path): FieldError[] {
  const [least, most] = [Number(min ?? 0), Number(max ?? MAX_LENGTH)];
  const message = `Must be between ${least} and ${most} in length.`;
  if (least > most) return [{ path: [...path, 'max_length'], code: 'BASE_TYPE_BAD_LENGTH', message }];
  const length = typeof value === 'string' ? value.length : 0;
  return length > 0 && (length < least || length > most)
    ? [{ path: [...path, 'value'], code: 'BASE_TYPE_BAD_LENGTH', message }]
    : [];
}

// The docs mention the next two errors without their codes (unofficial).

function requirementErrors({ required, min_values: min }: AnyComponent, path: Path): FieldError[] {
  const message = 'int value should be greater than or equal to 1.';
  return required !== false && min === 0
    ? [{ path: [...path, 'min_values'], code: 'NUMBER_TYPE_MIN', message }]
    : [];
}

function disabledErrors({ disabled }: AnyComponent, path: Path): FieldError[] {
  const message = 'A component in a modal cannot be disabled';
  return disabled ? [{ path: [...path, 'disabled'], code: 'BASE_TYPE_CHOICES', message }] : [];
}

/** docs: reference, "File type filtering"; the description doesn't know the field. */
function fileTypeErrors({ type, file_types: types }: AnyComponent, path: Path): FieldError[] {
  if (types === undefined) return [];
  const at = [...path, 'file_types'];
  const isList = type === Type.FileUpload && Array.isArray(types) && types.length <= MAX_FILE_TYPES;
  if (isList && types.every((each) => typeof each === 'string' && FILE_TYPE.test(each))) return [];
  return [{ path: at, code: 'BASE_TYPE_CHOICES', message: 'Value must be a list of file types.' }];
}

const MAX_FILE_TYPES = 10;
const FILE_TYPE = /^(image|video|audio|\.\w+)$/;
