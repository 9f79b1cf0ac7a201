import { type Message, SnowflakeUtil, type TextBasedChannel } from 'discord.js';
import type { Generation } from '../ledger/rows.ts';
import { isGone } from './errors.ts';

/** One request lists at most this many, the newest first. (`after` would list the oldest ones after an id.) */
const PAGE_LENGTH = 100;
/** The search ends after this many pages. */
const PAGES_MAX = 10;

/**
 * Finds a message that an earlier process has sent for this generation without learning the outcome, by the
 * generation's id in its buttons. The reply itself doesn't count, because it couldn't be edited. Null when there is no
 * such message, or when the bot may not read the history. A nonce doesn't help here, since Discord forgets it after a
 * few minutes (docs: resources/message, `enforce_nonce`).
 */
export async function findOwnMessage(
  channel: TextBasedChannel,
  { id, tokenAt, message: reply }: Generation,
): Promise<Message | null> {
  try {
    const isOwn = ({ id: messageId, author, components }: Message) =>
      messageId !== reply?.id &&
      author.id === channel.client.user.id &&
      JSON.stringify(components).includes(id);
    const since = SnowflakeUtil.generate({ timestamp: tokenAt });
    let before: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const messages = await channel.messages.fetch({
        limit: PAGE_LENGTH,
        cache: false,
        ...(before && { before }),
      });
      const own = messages.find(isOwn);
      if (own) return own;
      before = messages.lastKey();
      if (messages.size < PAGE_LENGTH || !before || BigInt(before) < since) return null;
    }
    return null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
