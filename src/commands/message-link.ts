import { channelLink, messageLink } from 'discord.js';
import type { Generation } from '../services/ledger/rows.ts';

/** The link to a message, in a server or in direct messages. */
export function messageUrl(message: { id: string; channelId: string }, guildId: string | null): string {
  return guildId === null
    ? messageLink(message.channelId, message.id)
    : messageLink(message.channelId, message.id, guildId);
}

/** The link to a generation's reply; null when it isn't known, or when nobody can open it. */
export function replyUrl({ message, channelId, guildId, private: isPrivate }: Generation): string | null {
  if (!message || isPrivate) return null;
  // A reply that was delivered as a direct message isn't in the server.
  return messageUrl(message, message.channelId === channelId ? guildId : null);
}

/** The link to the place of the reply; for a private one only to its channel. */
export function placeUrl(generation: Generation): string | null {
  const { message, channelId, guildId } = generation;
  if (!message) return null;
  if (!generation.private) return replyUrl(generation);
  const isInServer = guildId !== null && message.channelId === channelId;
  return isInServer ? channelLink(message.channelId, guildId) : channelLink(message.channelId);
}
