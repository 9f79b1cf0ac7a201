import { type Message, SnowflakeUtil, type TextBasedChannel } from 'discord.js';
import type { Generation } from '../ledger/rows.ts';
import { isGone } from './errors.ts';

/** As many as one request lists, the newest first: `after` would list the oldest after an id. */
const PAGE_LENGTH = 100;
/** What came before so many pages is not looked for. */
const PAGES_MAX = 10;

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
    const isOwn = ({ author, components }: Message) =>
      author.id === channel.client.user.id && JSON.stringify(components).includes(id);
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
