import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { Reservation } from '../services/ledger/generations.ts';
import type { CommandContext } from './command.ts';
import { replyAddress } from './reply-address.ts';
import { en } from './text/en.ts';

const DEFAULT_LOCALE = 'en-US';

/** Hands a request to the runner, which defers the reply once the request is on disk, and owns it from then on. */
export async function beginGeneration(
  interaction: RepliableInteraction,
  { request, references, private: isPrivate, parentId }: GenerationStart,
  { runner, log }: CommandContext,
): Promise<void> {
  const reservation = {
    ...replyAddress(interaction, isPrivate),
    interactionId: interaction.id,
    parentId,
    userId: interaction.user.id,
    locale: interaction.locale ?? DEFAULT_LOCALE,
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

type GenerationStart = Pick<Reservation, 'request' | 'references' | 'private' | 'parentId'>;
