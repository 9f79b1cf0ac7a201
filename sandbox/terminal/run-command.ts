import { ButtonStyle, InteractionResponseType } from 'discord-api-types/v10';
import type { Interaction } from '../discord/index.ts';
import type { Sandbox } from '../start.ts';
import { parseCommand } from './parse-command.ts';
import { buttonsOf, renderMessage } from './render-message.ts';

/** The bot's log message once a generation's final reply is visible. */
const SETTLED = 'the generation is settled';

/**
 * Runs a typed command as alice and waits for the final reply. If the bot asks her first, she says yes. Resolves with
 * the problem, or with null for an image.
 */
export async function runCommand(
  line: string,
  { discord, bot }: Sandbox,
  print: (text: string) => void,
): Promise<string | null> {
  const typed = await parseCommand(line, discord.commands());
  const settled = new Promise<null>((resolve) => {
    bot.onLog(({ msg }) => msg === SETTLED && resolve(null));
  });
  const interaction = discord.interact.command(typed);
  const { type } = await interaction.response();
  const isAgreed = await agree(interaction);
  if (isAgreed || type === InteractionResponseType.DeferredChannelMessageWithSource) {
    const ended = await Promise.race([settled, bot.current.ended]);
    if (ended !== null) return `the bot ended (${ended}): ${bot.current.errors.join('\n')}`;
  }
  const message = interaction.message();
  if (!message) return 'the reply is gone';
  return message.attachments.length > 0 ? null : renderMessage(message, discord.clock.now()).join('\n');

  async function agree(asked: Interaction): Promise<boolean> {
    const question = asked.message();
    const yes = question && buttonsOf(question).find(({ style }) => style === ButtonStyle.Primary);
    if (!yes) return false;
    print(`alice  [${yes.label}]`);
    await discord.interact.click({ message: question, customId: yes.customId }).response();
    return true;
  }
}
