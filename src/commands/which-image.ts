import { type ButtonInteraction, MessageFlags } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import { buttonRows } from './components.ts';
import type { Action } from './custom-id.ts';
import { hasImage } from './facts.ts';
import type { Text } from './text/index.ts';

/** Numbers of the tasks that have an image, from 1. */
export function imageNumbers({ tasks }: StoredGeneration): number[] {
  return tasks.flatMap((task, index) => (hasImage(task) ? [index + 1] : []));
}

/** Offers the same action for each image of a generation. */
export async function askWhich(
  interaction: ButtonInteraction,
  action: Action,
  stored: StoredGeneration,
  content: string,
  text: Text,
): Promise<void> {
  const subject = stored.generation.id;
  const buttons = imageNumbers(stored).map((number) => {
    return { action, subject, detail: String(number), label: text.button.image(number) };
  });
  await interaction.reply({ content, components: buttonRows(buttons), flags: MessageFlags.Ephemeral });
}
