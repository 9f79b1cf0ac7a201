import { type Button, generationFor, tell } from '../button.ts';
import { en } from '../text/en.ts';

/** Stops waiting; the reply itself says what became of it. */
export const cancel: Button = {
  action: 'cancel',
  async run(interaction, subject, context) {
    const stored = await generationFor(interaction, subject, context, { managers: true });
    if (!stored) return;
    if (!(await context.runner.cancel(stored.generation.id))) return tell(interaction, en.tooLateToCancel);
    context.log.info({ generation: stored.generation.id }, 'cancelled by a button');
    await interaction.deferUpdate();
  },
};
