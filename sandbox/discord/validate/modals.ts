import { ModalInteractionCallbackRequestDataSchema } from 'discord-api-spec/zod';
import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import { type FieldError, invalidFormBody } from '../errors.ts';
import { type AnyComponent, walkComponents } from '../world/components.ts';
import { duplicateIds } from './components.ts';
import { schemaErrors } from './schema.ts';

const MAX_COMPONENTS = 5;

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
  errors.push(...duplicateIds(walkComponents(modal.components as unknown as AnyComponent[], path)));
  if (errors.length > 0) throw invalidFormBody(errors);
  return modal;
}
