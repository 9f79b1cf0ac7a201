import {
  InteractionContextType,
  InteractionType,
  type Message,
  PermissionFlagsBits,
  type RepliableInteraction,
} from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../services/discord/limits.ts';
import type { ReplyAddress } from '../services/ledger/reserve.ts';
import type { Generation } from '../services/ledger/rows.ts';

/**
 * Everything that the bot needs to reach the reply to this interaction, even after a restart. The reply is a new
 * message, or the one whose button was pressed.
 */
export function replyAddress(
  interaction: RepliableInteraction,
  isPrivate: boolean,
  becoming: Message | null = null,
): ReplyAddress {
  return {
    applicationId: interaction.applicationId,
    token: interaction.token,
    guildId: interaction.guildId,
    channelId: interaction.channelId,
    private: isPrivate,
    named: becoming ? isAnswerToCommand(becoming) : interaction.isChatInputCommand(),
    lasting: !isPrivate && isHome(interaction),
    attachmentSizeLimit: fileLimitOf(interaction),
  };
}

/** Only such a message has Discord's header, "alice used /imagine". */
function isAnswerToCommand({ interactionMetadata }: Message): boolean {
  return interactionMetadata?.type === InteractionType.ApplicationCommand;
}

/** Whether a generation may be shown publicly in this place: only if it was public in the same place. */
export function isOpenHere(
  { channelId }: RepliableInteraction,
  generation: Pick<Generation, 'private' | 'channelId' | 'message'>,
): boolean {
  // A reply that was delivered as a direct message is in another channel.
  const places = [generation.channelId, generation.message?.channelId];
  return !generation.private && places.includes(channelId);
}

/** The largest file that this place accepts, in bytes. */
export function fileLimitOf(interaction: RepliableInteraction): number {
  return interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
}

/**
 * Whether images can be shown here. In servers the bot needs a permission; if it is only installed for the person, they
 * need it (docs: interactions/receiving-and-responding, `app_permissions`).
 */
export function mayAttachFiles({ guildId, appPermissions }: RepliableInteraction): boolean {
  return guildId === null || appPermissions.has(PermissionFlagsBits.AttachFiles);
}

/** Whether the bot itself is a member here, and not only present through the interaction's token. */
function isHome(interaction: RepliableInteraction): boolean {
  if (interaction.inCachedGuild()) return interaction.appPermissions.has(PermissionFlagsBits.ViewChannel);
  return interaction.guildId === null && interaction.context !== InteractionContextType.PrivateChannel;
}
