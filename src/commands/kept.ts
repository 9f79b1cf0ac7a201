import {
  type AnySelectMenuInteraction,
  type ButtonInteraction,
  type Message,
  MessageFlags,
} from 'discord.js';
import type { MessageView } from './components.ts';

/** A draft that a person goes on with, by a button of the message that holds it. */
export interface Kept {
  readonly draftId: string;
  /** The person has agreed to as many images as it is for. */
  readonly isAgreed: boolean;
  /** The message becomes the reply. */
  readonly message: Message | null;
  /** Asks Discord for the reply. */
  readonly defer: () => Promise<unknown>;
  /** Says why nothing is made after all, in place of what the message says. */
  readonly answer: (view: MessageView) => Promise<unknown>;
}

/** A question, which everybody may see: it becomes the reply, or goes. */
export function fromQuestion(interaction: ButtonInteraction, draftId: string): Kept {
  return {
    draftId,
    isAgreed: true,
    message: interaction.message,
    defer: () => interaction.deferUpdate(),
    async answer(view) {
      await interaction.deferUpdate();
      // First what the question is needed for no longer.
      await interaction.followUp({ ...view, flags: MessageFlags.Ephemeral });
      await interaction.deleteReply();
    },
  };
}

/** A refusal, which only its person sees: what is made then has a reply of its own. */
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
