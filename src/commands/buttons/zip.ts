import { type ButtonInteraction, MessageFlags } from 'discord.js';
import { DEFAULT_FILE_LIMIT_BYTES } from '../../services/discord/limits.ts';
import { tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import { buttonRows } from '../components.ts';
import { type Packed, packFavouritesOf } from '../favourites.ts';
import type { Button } from '../handlers.ts';
import { fileLimitOf } from '../place.ts';

/** An interaction expires after 15 minutes, and the last image may take some of them. */
const WITHIN_MS = 10 * 60_000;

/**
 * Sends the favourites of the person who pressed as ZIPs, one in each message. With many favourites, the next button
 * continues after the last one.
 */
export const packFavourites: Button = {
  action: 'zip',
  async run(interaction, { subject }, context) {
    const { archives, packing, text } = context;
    const userId = interaction.user.id;
    if (!archives.take(userId))
      return tell(interaction, text.contactSheet.zipTooOften(archives.freeAt(userId) ?? context.now()));
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    // Set before the wait for a free place, which takes time from the interaction.
    const until = performance.now() + WITHIN_MS;
    await packing(1, userId, () => sendPacks(interaction, subject, until, context));
  },
};

async function sendPacks(
  interaction: ButtonInteraction,
  after: string | null,
  until: number,
  context: CommandContext,
): Promise<void> {
  const { contactSheet } = context.text;
  const partBytes = Math.min(fileLimitOf(interaction), DEFAULT_FILE_LIMIT_BYTES);
  const packed: Packed = { small: 0, missing: 0, last: null };
  let parts = 0;
  for await (const { zip, images } of packFavouritesOf(
    interaction.user.id,
    after,
    { partBytes, until },
    packed,
    context,
  )) {
    parts += 1;
    const name = parts === 1 ? 'favourites.zip' : `favourites-${parts}.zip`;
    const message = { content: contactSheet.zipPart(parts, images), files: [{ attachment: zip, name }] };
    if (parts === 1) await interaction.editReply(message);
    else await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral });
  }
  await sayHowItWent(interaction, parts, packed, context);
}

/** Tells what is missing, and offers to continue with the rest. */
async function sayHowItWent(
  interaction: ButtonInteraction,
  parts: number,
  { small, missing, last }: Packed,
  { text }: CommandContext,
): Promise<void> {
  const { contactSheet } = text;
  const lines = [
    ...(parts === 0 ? [contactSheet.zipEmpty] : []),
    ...(small > 0 ? [contactSheet.zipSmall(small)] : []),
    ...(missing > 0 && parts > 0 ? [contactSheet.zipMissing(missing)] : []),
    ...(last ? [contactSheet.zipMore] : []),
  ];
  if (lines.length === 0) return;
  const next = last
    ? [{ action: 'zip', subject: last, label: contactSheet.zipNext, emoji: '📦' } as const]
    : [];
  const message = { content: lines.join('\n'), components: buttonRows(next) };
  if (parts === 0) await interaction.editReply(message);
  else await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral });
}
