import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import type { Attachment, ImageRequest } from '../services/request.ts';
import type { CommandContext } from './command.ts';
import { en } from './text/en.ts';

/** What every place takes where the interaction doesn't say. */
const DEFAULT_SIZE_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Answers with a deferred reply that the runner then owns. The row is on disk before Discord is asked, and nothing
 * is sent to the service before Discord has accepted: nobody pays for a reply that can't be shown.
 */
export async function beginGeneration(
  interaction: ChatInputCommandInteraction,
  { request, references, private: isPrivate }: GenerationStart,
  { runner, log }: CommandContext,
): Promise<void> {
  let id: string | null;
  try {
    id = await runner.reserve({
      interactionId: interaction.id,
      applicationId: interaction.applicationId,
      token: interaction.token,
      userId: interaction.user.id,
      guildId: interaction.guildId,
      channelId: interaction.channelId,
      private: isPrivate,
      locale: interaction.locale,
      attachmentSizeLimit: interaction.attachmentSizeLimit ?? DEFAULT_SIZE_LIMIT_BYTES,
      request,
      references,
    });
  } catch (err) {
    log.error({ err }, 'the request could not be written to the ledger');
    await interaction.reply({ content: en.noStorage, flags: MessageFlags.Ephemeral });
    return;
  }
  if (id === null) {
    log.info('Discord delivered this interaction twice; it is being served already');
    return;
  }

  const acknowledged = await defer(interaction, isPrivate, log);
  await runner.start(id, { acknowledged });
}

interface GenerationStart {
  readonly request: ImageRequest;
  readonly references: readonly Attachment[];
  readonly private: boolean;
}

/** Whether Discord is known to have accepted; where it isn't, the runner finds out before anything is paid. */
async function defer(
  interaction: ChatInputCommandInteraction,
  isPrivate: boolean,
  log: CommandContext['log'],
) {
  try {
    await interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    return true;
  } catch (err) {
    log.warn({ err }, 'Discord did not confirm the deferred reply');
    return false;
  }
}
