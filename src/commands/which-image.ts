import { type APIEmbed, type ButtonInteraction, MessageFlags } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import { ACCENT } from './accent.ts';
import type { CommandContext } from './command.ts';
import { buttonRows } from './components.ts';
import type { Action } from './custom-id.ts';
import { imageNumbers } from './image-buttons.ts';
import { locateImages, showableUrl } from './locate-image.ts';

/**
 * Shows the images of a generation, and offers the same action for each. Needed for buttons of earlier versions, which
 * name no image.
 */
export async function askWhich(
  interaction: ButtonInteraction,
  action: Action,
  stored: StoredGeneration,
  content: string,
  context: CommandContext,
): Promise<void> {
  const subject = stored.generation.id;
  const numbers = imageNumbers(stored);
  const { button } = context.text;
  const images = await locateImages(stored, interaction.message, context);
  const embeds: APIEmbed[] = numbers.map((number) => {
    const url = showableUrl(images[number - 1] ?? null);
    return { color: ACCENT, title: button.image(number), ...(url && { thumbnail: { url } }) };
  });
  const buttons = numbers.map((number) => {
    return { action, subject, detail: String(number), label: button.image(number) };
  });
  const components = buttonRows(buttons);
  await interaction.reply({ content, embeds, components, flags: MessageFlags.Ephemeral });
}
