import type { APIEmbed, Interaction } from 'discord.js';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { literal } from './markdown.ts';
import { typedIn } from './select.ts';
import { type Text, textFor } from './text/index.ts';

const DESCRIPTION_MAX_CHARACTERS = 4096;

/** The prompt of a command or a form from which nothing is made, so that the person can copy it. */
export function givenBack(interaction: Interaction): APIEmbed[] {
  const prompt = promptIn(interaction)?.trim();
  return prompt ? [promptEmbed(prompt, textFor(interaction.locale))] : [];
}

/** Shows a prompt in a form that the person can copy. */
export function promptEmbed(prompt: string, { yourPrompt }: Text): APIEmbed {
  const description = shorten(literal(prompt.trim()), DESCRIPTION_MAX_CHARACTERS);
  return { color: ACCENT, title: yourPrompt, description };
}

function promptIn(interaction: Interaction): string | null {
  if (interaction.isModalSubmit()) return typedIn(interaction.fields, 'prompt');
  if (!interaction.isChatInputCommand()) return null;
  const given = interaction.options.get('prompt')?.value;
  return typeof given === 'string' ? given : null;
}
