import type { Players } from '../start.ts';

/** Replaces every secret in a text by a word. */
export type Redact = (text: string) => string;

/** Redacts the bot's token, the API key, and every interaction's token of this run. */
export function createRedact({ discord, jimmyAi }: Players): Redact {
  const words = new Map([
    [discord.token, '{bot token}'],
    [jimmyAi.apiKey, '{API key}'],
  ]);
  discord.onInteraction(({ token }) => words.set(token, '{interaction token}'));
  return (text) => [...words].reduce((clean, [secret, word]) => clean.replaceAll(secret, word), text);
}
