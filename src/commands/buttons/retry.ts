import { beginGeneration } from '../begin-generation.ts';
import { type Button, generationFor } from '../button.ts';

/** Asks for the same once more, in a new reply: the person's decision, since the first may have been charged. */
export const retry: Button = {
  action: 'retry',
  async run(interaction, subject, context) {
    const stored = await generationFor(interaction, subject, context);
    if (!stored) return;
    const { generation, references } = stored;
    await beginGeneration(
      interaction,
      { request: generation.request, references, private: generation.private },
      context,
    );
  },
};
