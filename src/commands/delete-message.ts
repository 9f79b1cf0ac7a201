import { isGone } from '../services/discord/errors.ts';

/** Deletes the message that a component is on. Somebody may have deleted it meanwhile, which is as good. */
export async function deleteMessage(interaction: { deleteReply(): Promise<unknown> }): Promise<void> {
  await interaction.deleteReply().catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}
