import { channelLink, messageLink } from 'discord.js';
import type { Generation } from '../services/ledger/rows.ts';

/** The address of a message, in a server or in direct messages. */
export function messageUrl(message: { id: string; channelId: string }, guildId: string | null): string {
  return guildId === null
    ? messageLink(message.channelId, message.id)
    : messageLink(message.channelId, message.id, guildId);
}

/** The address of a generation's reply; null where it isn't known, or nobody can jump to it. */
export function replyUrl({ message, channelId, guildId, private: isPrivate }: Generation): string | null {
  if (!message || isPrivate) return null;
  // A delivery that ended as a direct message stands in no server.
  return messageUrl(message, message.channelId === channelId ? guildId : null);
}

/** Where a person looks for the reply: where only they saw it, no further than the channel. */
export function placeUrl(generation: Generation): string | null {
  const { message, channelId, guildId } = generation;
  if (!message) return null;
  if (!generation.private) return replyUrl(generation);
  const isInServer = guildId !== null && message.channelId === channelId;
  return isInServer ? channelLink(message.channelId, guildId) : channelLink(message.channelId);
}
