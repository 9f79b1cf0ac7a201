import type { Players } from '../start.ts';

/** Puts a word in place of every secret in a text. */
export type Redact = (text: string) => string;

/** Knows the bot's token, the API key, and each interaction's token as long as the sandbox runs. */
export function createRedact({ discord, jimmyAi }: Players): Redact {
  const words = new Map([
    [discord.token, '{bot token}'],
    [jimmyAi.apiKey, '{API key}'],
  ]);
  discord.onInteraction(({ token }) => words.set(token, '{interaction token}'));
  return (text) => [...words].reduce((clean, [secret, word]) => clean.replaceAll(secret, word), text);
}
