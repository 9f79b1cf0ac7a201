import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../services/discord-limits.ts';
import type { Attachment, ImageRequest } from '../services/request.ts';
import type { CommandContext } from './command.ts';
import { en } from './text/en.ts';

const DEFAULT_LOCALE = 'en-US';

/** Hands a request to the runner, which defers the reply once the request is on disk, and owns it from then on. */
export async function beginGeneration(
  interaction: ChatInputCommandInteraction,
  { request, references, private: isPrivate }: GenerationStart,
  { runner, log }: CommandContext,
): Promise<void> {
  const reservation = {
    interactionId: interaction.id,
    applicationId: interaction.applicationId,
    token: interaction.token,
    userId: interaction.user.id,
    guildId: interaction.guildId,
    channelId: interaction.channelId,
    private: isPrivate,
    locale: interaction.locale ?? DEFAULT_LOCALE,
    attachmentSizeLimit: interaction.attachmentSizeLimit ?? DEFAULT_FILE_LIMIT_BYTES,
    request,
    references,
  };
  const defer = async () => {
    await interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
  };

  let begun: boolean;
  try {
    begun = await runner.begin(reservation, defer);
  } catch (err) {
    log.error({ err }, 'the request could not be written to the ledger');
    await interaction.reply({ content: en.noStorage, flags: MessageFlags.Ephemeral });
    return;
  }
  if (!begun) log.info('Discord delivered this interaction twice; it is being served already');
}

interface GenerationStart {
  readonly request: ImageRequest;
  readonly references: readonly Attachment[];
  readonly private: boolean;
}
