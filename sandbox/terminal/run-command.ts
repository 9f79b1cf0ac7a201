import { InteractionResponseType } from 'discord-api-types/v10';
import type { Sandbox } from '../start.ts';
import { parseCommand } from './parse-command.ts';
import { renderMessage } from './render-message.ts';

/** What the bot logs when a generation's last word is visible. */
const SETTLED = 'the generation is settled';

/** Runs a typed command as alice and waits for its last word. Resolves with what went wrong, or null for an image. */
export async function runCommand(line: string, { discord, bot }: Sandbox): Promise<string | null> {
  const typed = await parseCommand(line, discord.commands());
  const settled = new Promise<null>((resolve) => {
    bot.onLog(({ msg }) => msg === SETTLED && resolve(null));
  });
  const interaction = discord.interact.command(typed);
  const { type } = await interaction.response();
  if (type === InteractionResponseType.DeferredChannelMessageWithSource) {
    const ended = await Promise.race([settled, bot.current.ended]);
    if (ended !== null) return `the bot ended (${ended}): ${bot.current.errors.join('\n')}`;
  }
  const message = interaction.message();
  if (!message) return 'the reply is gone';
  return message.attachments.length > 0 ? null : renderMessage(message, discord.clock.now()).join('\n');
}
