import type { AnySelectMenuInteraction, ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import type { CommandContext } from './command.ts';
import type { Action, CustomId } from './custom-id.ts';

/** Handles presses of a kind of button, on messages of any age. */
export interface Button {
  readonly action: Action;
  run(interaction: ButtonInteraction, id: CustomId, context: CommandContext): Promise<void>;
}

/** Handles choices in a kind of select menu, in messages of any age. */
export interface Select {
  readonly action: Action;
  run(interaction: AnySelectMenuInteraction, id: CustomId, context: CommandContext): Promise<void>;
}

/** Handles submissions of a kind of modal, however long it was open. */
export interface Modal {
  readonly action: Action;
  run(interaction: ModalSubmitInteraction, id: CustomId, context: CommandContext): Promise<void>;
}
