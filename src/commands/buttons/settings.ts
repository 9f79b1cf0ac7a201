import type {
  APIModalInteractionResponseCallbackData,
  ButtonInteraction,
  ModalSubmitInteraction,
} from 'discord.js';
import { QUALITIES, RATIOS, RESOLUTIONS } from '../../services/request/models.ts';
import { NO_SETTINGS, type Settings } from '../../services/request/settings.ts';
import { tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import type { Button, Modal } from '../handlers.ts';
import { isAnswered, pickedIn, typedIn } from '../select.ts';
import { renderSettings } from '../settings.view.ts';
import {
  AFTER_MAX_CHARACTERS,
  defaultsModal,
  NOTIFY_WAYS,
  noticesModal,
  VISIBILITIES,
} from '../settings-modals.ts';

/** Opens a form to change the person's own defaults. */
export const changeDefaults = opener('defaults', (settings, { models, text }) =>
  defaultsModal(settings, models, text),
);

export const defaultsChanged: Modal = {
  action: 'defaults',
  async run(interaction, _, context) {
    const { fields } = interaction;
    const visibility = pickedIn(fields, 'private', VISIBILITIES);
    const picked: Partial<Settings> = {
      model: pickedIn(fields, 'model', context.models),
      ratio: pickedIn(fields, 'ratio', RATIOS),
      resolution: pickedIn(fields, 'resolution', RESOLUTIONS),
      quality: pickedIn(fields, 'quality', QUALITIES),
      private: visibility && visibility === 'onlyMe',
    };
    const answered = Object.entries(picked).filter(([name]) => isAnswered(fields, name));
    await save(interaction, context, Object.fromEntries(answered));
  },
};

/** Opens a form to change how the bot notifies the person. */
export const changeNotices = opener('notices', (settings, { text }) => noticesModal(settings, text));

export const noticesChanged: Modal = {
  action: 'notices',
  async run(interaction, _, context) {
    const { fields } = interaction;
    const after = typedIn(fields, 'after')?.trim() ?? null;
    if (after !== null && (!/^\d*$/.test(after) || after.length > AFTER_MAX_CHARACTERS))
      return tell(interaction, context.text.settings.badSeconds);
    await save(interaction, context, {
      ...(isAnswered(fields, 'notify') && { notify: pickedIn(fields, 'notify', NOTIFY_WAYS) ?? 'off' }),
      ...(after !== null && { notifyAfterSeconds: Number(after) }),
    });
  },
};

/** Resets the person's settings. */
export const resetSettings: Button = {
  action: 'reset',
  run: (interaction, _, context) => save(interaction, context, NO_SETTINGS),
};

function opener(
  action: 'defaults' | 'notices',
  formOf: (settings: Settings, context: CommandContext) => APIModalInteractionResponseCallbackData,
): Button {
  return {
    action,
    async run(interaction, _, context) {
      const settings = await context.ledger.settings.of(interaction.user.id);
      await interaction.showModal(formOf(settings, context));
    },
  };
}

async function save(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  context: CommandContext,
  changed: Partial<Settings>,
): Promise<void> {
  const { ledger, rules, text, log } = context;
  const settings = await ledger.settings.save(interaction.user.id, changed);
  log.info({ changed }, 'a person changed their settings');
  const view = renderSettings(settings, context, await rules(), text);
  // The button and the form both come from the message that shows the settings.
  if (interaction.isButton() || interaction.isFromMessage()) await interaction.update(view);
}
