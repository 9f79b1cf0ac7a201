import { beginGeneration } from '../begin-generation.ts';
import { type Button, generationFor, tell } from '../button.ts';
import { en } from '../text/en.ts';

/** Asks for the same once more, in a new reply: the person's decision, since the first may have been charged. */
export const retry: Button = {
  action: 'retry',
  async run(interaction, subject, context) {
    const stored = await generationFor(interaction, subject, context, { managers: false });
    if (!stored) return;
    const { generation, references } = stored;
    // Pressed twice, it would be paid twice.
    if (await context.ledger.generations.hasChildUnderWay(generation.id))
      return tell(interaction, en.retryUnderWay);
    await beginGeneration(
      interaction,
      { request: generation.request, references, private: generation.private, parentId: generation.id },
      context,
    );
  },
};
