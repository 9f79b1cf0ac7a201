import type { AnySelectMenuInteraction, ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import type { CommandContext } from './command.ts';
import type { Action, CustomId } from './custom-id.ts';

/** What happens when a person presses a button of this kind, on a message however old. */
export interface Button {
  readonly action: Action;
  run(interaction: ButtonInteraction, id: CustomId, context: CommandContext): Promise<void>;
}

/** What happens when a person picks in a select menu of this kind, in a message however old. */
export interface Select {
  readonly action: Action;
  run(interaction: AnySelectMenuInteraction, id: CustomId, context: CommandContext): Promise<void>;
}

/** What happens when a person submits a modal of this kind, however long it was open. */
export interface Modal {
  readonly action: Action;
  run(interaction: ModalSubmitInteraction, id: CustomId, context: CommandContext): Promise<void>;
}
