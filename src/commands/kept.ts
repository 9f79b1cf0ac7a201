import {
  type AnySelectMenuInteraction,
  type ButtonInteraction,
  type Message,
  MessageFlags,
} from 'discord.js';
import type { MessageView } from './components.ts';
import { deleteMessage } from './delete-message.ts';

/** A draft that a person continues with, by a button of the message that shows it. */
export interface Kept {
  readonly draftId: string;
  /** Whether the person has agreed to its number of images. */
  readonly isAgreed: boolean;
  /** The message that becomes the reply; null for a new one. */
  readonly message: Message | null;
  /** Asks Discord for the reply. */
  readonly defer: () => Promise<unknown>;
  /** Replaces the message by the reason why nothing is made after all. */
  readonly answer: (view: MessageView) => Promise<unknown>;
}

/** From a question, which everybody may see. It becomes the reply, or is deleted. */
export function fromQuestion(interaction: ButtonInteraction, draftId: string): Kept {
  return {
    draftId,
    isAgreed: true,
    message: interaction.message,
    defer: () => interaction.deferUpdate(),
    async answer(view) {
      await interaction.deferUpdate();
      // Told first, because the question may only disappear once the reason is visible.
      await interaction.followUp({ ...view, flags: MessageFlags.Ephemeral });
      await deleteMessage(interaction);
    },
  };
}

/** From a refusal, which only its person sees. The images get a new reply. */
export function fromRefusal(
  interaction: ButtonInteraction | AnySelectMenuInteraction,
  draftId: string,
  { isAgreed, isPrivate }: { readonly isAgreed: boolean; readonly isPrivate: boolean },
): Kept {
  return {
    draftId,
    isAgreed,
    message: null,
    defer: () => interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {}),
    answer: (view) => interaction.update(view),
  };
}
