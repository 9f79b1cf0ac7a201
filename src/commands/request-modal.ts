import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import {
  type ModelId,
  modelOf,
  QUALITIES,
  RATIOS,
  RESOLUTIONS,
  resolutionLabel,
} from '../services/request/models.ts';
import { type ImageRequest, PROMPT_MAX_CHARACTERS } from '../services/request/request.ts';
import { qualityToSend } from '../services/request/sent.ts';
import { shorten } from '../services/shorten.ts';
import { type CustomId, encodeCustomId } from './custom-id.ts';
import { isAnswered, pickedIn, pickOne, typedIn } from './select.ts';
import type { Text } from './text/index.ts';

type Words = {
  readonly title: string;
  /** Where the prompt is not the one that there was, but what to do with an image. */
  readonly change?: { readonly label: string; readonly hint: string };
};

/** A request as a form, filled with what it is now. */
export function requestModal(
  id: CustomId,
  request: ImageRequest,
  { title, change }: Words,
  models: readonly ModelId[],
  text: Text,
): APIModalInteractionResponseCallbackData {
  const { modal } = text;
  const { model, ratio, resolution } = request;
  return {
    custom_id: encodeCustomId(id),
    title,
    components: [
      promptInput(request.prompt, change?.label ?? modal.prompt, change?.hint),
      pickOne('model', modal.model, models, model, (each) => modelOf(each).label),
      pickOne('ratio', modal.ratio, RATIOS, ratio, (each) => text.ratio[each]),
      pickOne('resolution', modal.resolution, RESOLUTIONS, resolution, resolutionLabel),
      pickOne('quality', modal.quality, QUALITIES, qualityToSend(request), (each) => text.quality[each], {
        required: false,
      }),
    ],
  };
}

/**
 * The request as the form was submitted; what it doesn't ask for stays as it was, and so does what Discord sends without
 * an answer: whatever was typed must not be lost with it.
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
    resolution: pickedIn(fields, 'resolution', RESOLUTIONS) ?? was.resolution,
    quality: readQuality(fields, was),
  };
}

/** A default that the form came with, and that nobody changed, isn't asked of another model. */
function readQuality(fields: ModalSubmitFields, was: ImageRequest): ImageRequest['quality'] {
  if (!isAnswered(fields, 'quality')) return was.quality;
  const picked = pickedIn(fields, 'quality', QUALITIES);
  return picked === qualityToSend(was) ? was.quality : picked;
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
      // A longer one can have come from where Discord's limit wasn't kept; the form would be refused with it.
      ...(prompt && { value: shorten(prompt, PROMPT_MAX_CHARACTERS) }),
    },
  };
}
