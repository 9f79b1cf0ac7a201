import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import {
  type ModelId,
  modelOf,
  QUALITIES,
  RATIOS,
  RESOLUTIONS,
  resolutionLabel,
} from '../services/request/models.ts';
import type { Notify, Settings } from '../services/request/settings.ts';
import { encodeCustomId } from './custom-id.ts';
import { pickInSight, pickOne } from './select.ts';
import type { Text } from './text/index.ts';

/** The value of a select menu that means "no default". */
const NONE = 'none';
export const NOTIFY_WAYS = ['off', 'mention', 'direct'] as const satisfies readonly Notify[];
export const VISIBILITIES = ['everyone', 'onlyMe'] as const;
export const AFTER_MAX_CHARACTERS = 5;

/** A form for the person's defaults. */
export function defaultsModal(
  settings: Settings,
  models: readonly ModelId[],
  text: Text,
): APIModalInteractionResponseCallbackData {
  const { modal } = text;
  const orNone = <Value extends string>(
    name: string,
    label: string,
    values: readonly Value[],
    picked: Value | null,
    labelOf: (value: Value) => string,
  ) =>
    pickOne<Value | typeof NONE>(name, label, [NONE, ...values], picked ?? NONE, (value) =>
      value === NONE ? modal.botDecides : labelOf(value),
    );
  const visibility = settings.private === null ? null : settings.private ? 'onlyMe' : 'everyone';
  return {
    custom_id: encodeCustomId({ action: 'defaults', subject: null }),
    title: modal.defaults,
    components: [
      orNone('model', modal.model, models, offered(settings.model, models), (model) => modelOf(model).label),
      orNone('ratio', modal.ratio, RATIOS, settings.ratio, (ratio) => text.ratio[ratio]),
      orNone('resolution', modal.resolution, RESOLUTIONS, settings.resolution, resolutionLabel),
      orNone('quality', modal.quality, QUALITIES, settings.quality, (quality) => text.quality[quality]),
      pickInSight('private', modal.private, [NONE, ...VISIBILITIES], visibility ?? NONE, (who) =>
        who === NONE ? modal.botDecides : modal[who],
      ),
    ],
  };
}

/** A model that the host no longer offers doesn't count as a default. */
function offered(model: ModelId | null, models: readonly ModelId[]): ModelId | null {
  return model && models.includes(model) ? model : null;
}

/** A form for the person's notifications. */
export function noticesModal(settings: Settings, text: Text): APIModalInteractionResponseCallbackData {
  const { modal } = text;
  const { notify, notifyAfterSeconds } = settings;
  return {
    custom_id: encodeCustomId({ action: 'notices', subject: null }),
    title: modal.notices,
    components: [
      pickInSight('notify', modal.notify, NOTIFY_WAYS, notify, (way) => modal[way]),
      {
        type: ComponentType.Label,
        label: modal.after,
        description: modal.afterHint,
        component: {
          type: ComponentType.TextInput,
          custom_id: 'after',
          style: TextInputStyle.Short,
          required: false,
          max_length: AFTER_MAX_CHARACTERS,
          ...(notifyAfterSeconds > 0 && { value: String(notifyAfterSeconds) }),
        },
      },
    ],
  };
}
