import type { RepliableInteraction } from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../services/discord-limits.ts';
import type { ReplyAddress } from '../services/ledger/generations.ts';

/** Every way to reach the reply to this interaction, also after a restart. */
export function replyAddress(interaction: RepliableInteraction, isPrivate: boolean): ReplyAddress {
  return {
    applicationId: interaction.applicationId,
    token: interaction.token,
    guildId: interaction.guildId,
    channelId: interaction.channelId,
    private: isPrivate,
    attachmentSizeLimit: fileLimitOf(interaction),
  };
}

/** What the place takes per file, in bytes. */
export function fileLimitOf(interaction: RepliableInteraction): number {
  return interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
}
