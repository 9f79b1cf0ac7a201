import { type Message, SnowflakeUtil, type TextBasedChannel } from 'discord.js';
import { isGone } from './discord-errors.ts';
import type { Generation } from './ledger/rows.ts';

/** As many as one request lists; what came before them is not looked for. */
const LOOKED_AT = 100;

/**
 * The message that an earlier process has sent for this generation without hearing of it: it is known by its buttons,
 * which carry the generation's id. Null where there is none, or the bot may not read back. Discord itself forgets a
 * nonce after a few minutes (docs: resources/message, `enforce_nonce`).
 */
export async function findOwnMessage(
  channel: TextBasedChannel,
  { id, tokenAt }: Generation,
): Promise<Message | null> {
  try {
    const after = String(SnowflakeUtil.generate({ timestamp: tokenAt }));
    const messages = await channel.messages.fetch({ after, limit: LOOKED_AT, cache: false });
    const isOwn = ({ author, components }: Message) =>
      author.id === channel.client.user.id && JSON.stringify(components).includes(id);
    return messages.find(isOwn) ?? null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
