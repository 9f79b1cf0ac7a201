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
 * Every way to reach the reply to this interaction, also after a restart: a new message, or the one whose button was
 * pressed.
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

/** Discord's header, "alice used /imagine", stands above nothing else. */
function isAnswerToCommand({ interactionMetadata }: Message): boolean {
  return interactionMetadata?.type === InteractionType.ApplicationCommand;
}

/** Whether what was asked for may be shown openly where the person is now: only where it was asked for openly. */
export function isOpenHere(
  { channelId }: RepliableInteraction,
  generation: Pick<Generation, 'private' | 'channelId' | 'message'>,
): boolean {
  // A delivery that ended as a direct message stands in another channel.
  const places = [generation.channelId, generation.message?.channelId];
  return !generation.private && places.includes(channelId);
}

/** What the place takes per file, in bytes. */
export function fileLimitOf(interaction: RepliableInteraction): number {
  return interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES;
}

/**
 * Whether images can be shown here: in servers the bot needs a permission, and where a person brought it along, they do
 * (docs: interactions/receiving-and-responding, `app_permissions`).
 */
export function mayAttachFiles({ guildId, appPermissions }: RepliableInteraction): boolean {
  return guildId === null || appPermissions.has(PermissionFlagsBits.AttachFiles);
}

/** Whether the bot is here itself, and not just for as long as the interaction's token lives. */
function isHome(interaction: RepliableInteraction): boolean {
  if (interaction.inCachedGuild()) return interaction.appPermissions.has(PermissionFlagsBits.ViewChannel);
  return interaction.guildId === null && interaction.context !== InteractionContextType.PrivateChannel;
}
