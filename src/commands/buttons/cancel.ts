import { MessageFlags } from 'discord.js';
import { generationFor, tell } from '../access.ts';
import { buttonRows } from '../components.ts';
import { deleteMessage } from '../delete-message.ts';
import type { Button } from '../handlers.ts';
import { isUnderWay } from '../next-buttons.ts';

/** The detail of the second button: the person knows that the images are charged. */
const KNOWING = 'now';

/**
 * Stops waiting; the reply itself shows the outcome. The service charges images that it has begun, so the bot tells the
 * person before.
 */
export const cancel: Button = {
  action: 'cancel',
  async run(interaction, { subject, detail }, context) {
    const { worker, text, log } = context;
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    const { id } = stored.generation;
    if (detail !== KNOWING && stored.tasks.some(isUnderWay)) {
      const stop = {
        action: 'cancel',
        subject: id,
        detail: KNOWING,
        label: text.button.stopWaiting,
      } as const;
      const components = buttonRows([{ ...stop, style: 'danger' }]);
      await interaction.reply({ content: text.confirmStop, components, flags: MessageFlags.Ephemeral });
      return;
    }
    if (!(await worker.cancel(id))) return tell(interaction, text.tooLateToCancel);
    log.info({ generation: id }, 'cancelled by a button');
    await interaction.deferUpdate();
    if (detail === KNOWING) await deleteMessage(interaction);
  },
};
