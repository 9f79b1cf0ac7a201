import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Discord, Message } from '../discord/index.ts';
import { renderMessage } from './render-message.ts';

/**
 * Prints the messages of people and the bot as they change. Saves every file that the bot attaches, and prints its
 * path. `idle` resolves once everything so far has been saved.
 */
export function followConversation(options: {
  discord: Discord;
  folder: string;
  print: (text: string) => void;
}): { idle(): Promise<unknown> } {
  const { discord, folder, print } = options;
  const shown = new Map<string, string>();
  const saving = new Map<string, Promise<void>>();

  discord.on('message', (message) => {
    const name = message.author.username;
    const lines = renderMessage(message, discord.clock.now());
    const text = lines
      .map((line, index) => `${index === 0 ? name : ' '.repeat(name.length)}  ${line}`)
      .join('\n');
    if (shown.get(message.id) === text) return;
    shown.set(message.id, text);
    print(text);
    for (const attachment of message.attachments) {
      if (saving.has(attachment.id)) continue;
      saving.set(
        attachment.id,
        save(attachment, folder).then((path) => print(`saved ${path}`)),
      );
    }
  });
  return { idle: () => Promise.all(saving.values()) };
}

async function save({ url, filename }: Message['attachments'][number], folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, filename);
  const response = await fetch(url);
  await writeFile(path, Buffer.from(await response.arrayBuffer()));
  return path;
}
