import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import { type ModelId, modelOf, RATIOS } from '../services/request/models.ts';
import { type ImageRequest, PROMPT_MAX_CHARACTERS } from '../services/request/request.ts';
import { shorten } from '../services/shorten.ts';
import { type CustomId, encodeCustomId } from './custom-id.ts';
import { filesField, type References } from './files-field.ts';
import { optionsField, readOptions } from './options-field.ts';
import { pickedIn, pickOne, typedIn } from './select.ts';
import type { Text } from './text/index.ts';

interface About {
  readonly title: string;
  /** For a prompt that tells how to change an image, instead of the earlier prompt. */
  readonly change?: { readonly label: string; readonly hint: string };
  readonly references: References;
}

/**
 * A form for a request, filled with its current values. It has everything that can be changed, in the five fields that
 * Discord allows.
 */
export function requestModal(
  id: CustomId,
  request: ImageRequest,
  { title, change, references }: About,
  models: readonly ModelId[],
  text: Text,
): APIModalInteractionResponseCallbackData {
  const { modal } = text;
  return {
    custom_id: encodeCustomId(id),
    title,
    components: [
      promptInput(request.prompt, change?.label ?? modal.prompt, change?.hint),
      filesField(references, text),
      pickOne('model', modal.model, models, request.model, (each) => modelOf(each).label),
      pickOne('ratio', modal.ratio, RATIOS, request.ratio, (each) => text.ratio[each]),
      optionsField(request, text),
    ],
  };
}

/**
 * The request from the submitted form. Options that the form doesn't ask for stay unchanged, and so do fields that
 * Discord sends without an answer; the text that the person typed must not be lost for them.
 */
export function readRequest(
  fields: ModalSubmitFields,
  was: ImageRequest,
  models: readonly ModelId[],
): ImageRequest {
  return {
    ...was,
    prompt: typedIn(fields, 'prompt') ?? was.prompt,
    model: pickedIn(fields, 'model', models) ?? was.model,
    ratio: pickedIn(fields, 'ratio', RATIOS) ?? was.ratio,
    ...readOptions(fields, was),
  };
}

function promptInput(prompt: string, label: string, hint: string | undefined): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    ...(hint && { description: hint }),
    component: {
      type: ComponentType.TextInput,
      custom_id: 'prompt',
      style: TextInputStyle.Paragraph,
      min_length: 1,
      max_length: PROMPT_MAX_CHARACTERS,
      required: true,
      // Discord would refuse the form with a longer prompt, which may come from a place without that limit.
      ...(prompt && { value: shorten(prompt, PROMPT_MAX_CHARACTERS) }),
    },
  };
}
