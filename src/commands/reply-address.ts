import type { RepliableInteraction } from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../services/discord-limits.ts';
import type { ReplyAddress } from '../services/ledger/generations.ts';

/** Every way to reach the reply to this interaction, also after a restart. */
export function replyAddress(interaction: RepliableInteraction, isPrivate: boolean): ReplyAddress {
  return {
    applicationId: interaction.applicationId,
    token: interaction.token,
    channelId: interaction.channelId,
    private: isPrivate,
    attachmentSizeLimit: interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES,
  };
}
