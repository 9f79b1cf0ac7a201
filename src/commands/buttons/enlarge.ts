import { MessageFlags } from 'discord.js';
import { generationFor, tell } from '../access.ts';
import { renderEnlarged } from '../enlarged.view.ts';
import type { Button } from '../handlers.ts';
import { locateImage, showableUrl } from '../locate-image.ts';

/**
 * Shows one image of several alone, only to the person who pressed. Everybody else has the reply, and a channel would
 * fill up if everybody's view were public. Images made from there are as public as the reply.
 */
export const enlarge: Button = {
  action: 'enlarge',
  async run(interaction, { subject, detail }, context) {
    const stored = await generationFor(interaction, subject, 'viewers', context);
    if (!stored) return;
    const { text, tools } = context;
    const number = Number(detail);
    const image = await locateImage(stored, number, interaction.message, context);
    if (!image) return tell(interaction, text.imageLost);
    const view = renderEnlarged(stored.generation, number, showableUrl(image), text, tools);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
};
