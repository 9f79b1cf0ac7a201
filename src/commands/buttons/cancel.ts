import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';

/** Stops waiting; the reply itself says what became of it. */
export const cancel: Button = {
  action: 'cancel',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    if (!(await context.worker.cancel(stored.generation.id)))
      return tell(interaction, context.text.tooLateToCancel);
    context.log.info({ generation: stored.generation.id }, 'cancelled by a button');
    await interaction.deferUpdate();
  },
};
