import { type Client, InteractionWebhook, MessageFlags } from 'discord.js';
import type { Generation } from '../ledger/rows.ts';
import { isTokenDead } from './errors.ts';
import { TOKEN_LIFE_MS } from './limits.ts';
import { nonceOf, type Placed } from './replies.ts';

/** Sends short messages beside a reply, so that Discord notifies the person who asked. */
export interface Notices {
  /** Throws Discord's error when this way doesn't work. */
  tell(generation: Generation, reply: Placed, way: 'mention' | 'direct', content: string): Promise<void>;
}

export function createNotices({ client, now = Date.now }: { client: Client; now?: () => number }): Notices {
  /** Also works in servers that the bot isn't a member of. It is as private as the reply. */
  async function followUp({ applicationId, private: isPrivate }: Generation, token: string, content: object) {
    const webhook = new InteractionWebhook(client as Client<true>, applicationId, token);
    await webhook.send({ ...content, ...(isPrivate && { flags: MessageFlags.Ephemeral }) });
  }

  async function mention(generation: Generation, reply: Placed, words: string): Promise<void> {
    const { userId, token, tokenAt } = generation;
    const content = { content: `<@${userId}> ${words}`, allowedMentions: { users: [userId] } };
    if (token !== null && now() - tokenAt < TOKEN_LIFE_MS) {
      try {
        return await followUp(generation, token, content);
      } catch (error) {
        if (!isTokenDead(error)) throw error;
      }
    }
    // Nobody else may learn about an image from a private reply.
    if (generation.private) return await direct(generation, words);
    // The channel's server is unknown until its shard has logged in, and always if another process has that shard.
    const channel = await client.channels.fetch(reply.channelId, { allowUnknownGuild: true });
    if (!channel?.isSendable()) throw new Error(`channel ${reply.channelId} takes no messages`);
    await channel.send({
      ...content,
      ...once(generation),
      reply: { messageReference: reply.id, failIfNotExists: false },
    });
  }

  async function direct(generation: Generation, content: string): Promise<void> {
    await client.users.send(generation.userId, { content, ...once(generation) });
  }

  return {
    async tell(generation, reply, way, content) {
      if (way === 'mention') await mention(generation, reply, content);
      else await direct(generation, content);
    },
  };
}

/**
 * discord.js repeats a message whose answer was lost. With the nonce, Discord then returns the first one instead of
 * sending it twice.
 */
function once(generation: Generation) {
  return { nonce: `n${nonceOf(generation)}`, enforceNonce: true };
}
