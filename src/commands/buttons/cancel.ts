import { MessageFlags } from 'discord.js';
import { generationFor, tell } from '../access.ts';
import { buttonRows } from '../components.ts';
import type { Button } from '../handlers.ts';
import { isUnderWay } from '../next-buttons.ts';

/** As the detail: the person knows that it is charged. */
const KNOWING = 'now';

/**
 * Stops waiting; the reply itself says what became of it. What the service has begun is charged all the same, which is
 * said first.
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
    if (detail === KNOWING) await interaction.deleteReply();
  },
};
