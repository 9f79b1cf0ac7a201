import { type Client, InteractionWebhook, MessageFlags } from 'discord.js';
import type { Generation } from '../ledger/rows.ts';
import { isTokenDead } from './errors.ts';
import { TOKEN_LIFE_MS } from './limits.ts';
import { nonceOf, type Placed } from './replies.ts';

/** Short messages besides a reply that make Discord notify the person who asked. */
export interface Notices {
  /** Throws what Discord answers where it can't be said this way. */
  tell(generation: Generation, reply: Placed, way: 'mention' | 'direct', content: string): Promise<void>;
}

export function createNotices({ client, now = Date.now }: { client: Client; now?: () => number }): Notices {
  /** Works where the bot is no member, too; only the person sees it where only they see the reply. */
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
    // Nobody else may learn that there is an image.
    if (generation.private) return await direct(generation, words);
    // Before its shard has logged in, the channel's server is not known yet.
    const channel = await client.channels.fetch(reply.channelId, { allowUnknownGuild: !client.isReady() });
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

/** discord.js repeats a message whose answer was lost; Discord answers with the one that it made, and not with the reply. */
function once(generation: Generation) {
  return { nonce: `n${nonceOf(generation)}`, enforceNonce: true };
}
