import {
  type APIAttachment,
  type APIMessage,
  type Client,
  DiscordAPIError,
  HTTPError,
  RESTJSONErrorCodes,
  Routes,
  ShardClientUtil,
} from 'discord.js';
import type { Generation } from '../ledger/rows.ts';
import { isGone } from './errors.ts';

export type LookUp = (
  generation: Generation,
  signal: AbortSignal,
) => Promise<readonly APIAttachment[] | null>;

/** How long the bot doesn't ask again after a refusal, in milliseconds. */
const FORBIDDEN_FOR_MS = 5 * 60_000;
/** Shorter, because a block at Discord's edge passes. */
const BLOCKED_FOR_MS = 10_000;
const REMEMBERED = 5000;

/**
 * Looks up a reply's attachments. Sends nothing if the bot certainly isn't a member of the server, or if Discord has just
 * refused it: 10,000 refusals in 10 minutes ban the bot's address (docs: topics/rate-limits). Null when the bot can't see the
 * reply.
 */
export function createLookUp(options: {
  client: Pick<Client, 'rest' | 'guilds' | 'ws' | 'options'>;
  elapsed: () => number;
  /** Whether optional look-ups may still be made. */
  mayAsk: () => boolean;
}): LookUp {
  const { client, elapsed, mayAsk } = options;
  /** Keyed by the id of a channel or of a message. */
  const refusedUntil = new Map<string, number>();
  const underWay = new Map<string, ReturnType<LookUp>>();
  const isRefused = (id: string) => (refusedUntil.get(id) ?? 0) > elapsed();

  function refuse(id: string, ms: number): void {
    // Moves the id to the end: the newest are asked for again most likely.
    refusedUntil.delete(id);
    refusedUntil.set(id, elapsed() + ms);
    const [oldest] = refusedUntil.keys();
    if (refusedUntil.size > REMEMBERED && oldest !== undefined) refusedUntil.delete(oldest);
  }

  async function ask({ id, channelId }: Place, signal: AbortSignal) {
    try {
      const route = Routes.channelMessage(channelId, id);
      return ((await client.rest.get(route, { signal })) as APIMessage).attachments;
    } catch (error) {
      if (isGone(error)) {
        refuse(isMessageGone(error) ? id : channelId, FORBIDDEN_FOR_MS);
        return null;
      }
      if (isInvalid(error)) refuse(channelId, BLOCKED_FOR_MS);
      throw error;
    }
  }

  function mayBeMember({ guildId, channelId, lasting, message }: Generation): boolean {
    // A reply outside the command's channel is a message that the bot itself has sent.
    const isOwn = message?.channelId !== channelId;
    return lasting || isOwn || (guildId !== null && !isStrange(guildId));
  }

  /** The servers of another process's shards are unknown here, so they count as the bot's until Discord refuses. */
  function isStrange(guildId: string): boolean {
    const shard = ShardClientUtil.shardIdForGuildId(guildId, client.options.shardCount ?? 1);
    return client.ws.shards.has(shard) && !client.guilds.cache.has(guildId);
  }

  return async (generation, signal) => {
    const { message } = generation;
    if (!message || generation.private || !mayBeMember(generation)) return null;
    if (isRefused(message.channelId) || isRefused(message.id)) return null;
    const running = underWay.get(message.id);
    if (running) return running;
    if (!mayAsk()) return null;
    const asking = ask(message, signal).finally(() => underWay.delete(message.id));
    underWay.set(message.id, asking);
    return asking;
  };
}

type Place = NonNullable<Generation['message']>;

function isMessageGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage;
}

function isInvalid(error: unknown): boolean {
  return (
    (error instanceof DiscordAPIError || error instanceof HTTPError) && [401, 403, 429].includes(error.status)
  );
}
