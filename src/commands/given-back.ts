import type { APIEmbed, Interaction } from 'discord.js';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { literal } from './markdown.ts';
import { typedIn } from './select.ts';
import { type Text, textFor } from './text/index.ts';

const DESCRIPTION_MAX_CHARACTERS = 4096;

/** The prompt that came with a command or a form: what nothing is made of is given back, to be copied. */
export function givenBack(interaction: Interaction): APIEmbed[] {
  const prompt = promptIn(interaction)?.trim();
  return prompt ? [promptEmbed(prompt, textFor(interaction.locale))] : [];
}

/** A prompt as its person can copy it. */
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
