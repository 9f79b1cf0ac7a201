import { MessageFlags } from 'discord.js';
import { generationFor, tell } from '../access.ts';
import { renderEnlarged } from '../enlarged.view.ts';
import type { Button } from '../handlers.ts';
import { locateImage, showableUrl } from '../locate-image.ts';

/**
 * Shows one image of several alone, to whoever presses: it is there already for everybody else, and a channel in which
 * each looks at each would be full of it. What is made from there is as open as the images are.
 */
export const enlarge: Button = {
  action: 'enlarge',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text } = context;
    const number = Number(detail);
    const image = await locateImage(stored, number, interaction.message, context);
    if (!image) return tell(interaction, text.imageLost);
    const view = renderEnlarged(stored.generation, number, showableUrl(image), text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
};
