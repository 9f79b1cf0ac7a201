import type {
  AnySelectMenuInteraction,
  ButtonInteraction,
  Message,
  ModalSubmitInteraction,
} from 'discord.js';
import { type Action, decodeCustomId } from './custom-id.ts';

type Component = ButtonInteraction | AnySelectMenuInteraction | ModalSubmitInteraction;

/** What these forms ask for is answered in a reply of its own: the message that they were opened from stays as it is. */
const ANSWERED_ANEW: ReadonlySet<Action> = new Set(['edit', 'reference', 'draft']);

/**
 * Whether a component belongs to the message that it came with: one of the bot's own, which carries it. What handlers
 * edit or delete is that message, so an id sent along with any other message is nobody's.
 */
export function isCarried(interaction: Component): boolean {
  const { message, customId } = interaction;
  // A form that a command has opened comes with no message.
  if (!message) return interaction.isModalSubmit();
  if (!isOwn(message, interaction)) return false;
  const carried = customIdsOf(message);
  return interaction.isModalSubmit() ? isOpenedBy(carried, customId) : carried.includes(customId);
}

/** By the application: what an interaction's webhook has sent, or the bot's user. */
function isOwn({ applicationId, author }: Message, interaction: Component): boolean {
  return applicationId === interaction.applicationId || author.id === interaction.client.user.id;
}

/** A form carries the action and the row of the button that opens it. */
function isOpenedBy(carried: readonly string[], customId: string): boolean {
  const form = decodeCustomId(customId);
  if (!form) return false;
  // While the form was open, its button may have gone; what was typed must not go with it.
  if (ANSWERED_ANEW.has(form.action)) return true;
  return carried.some((id) => {
    const button = decodeCustomId(id);
    return button?.action === form.action && button.subject === form.subject;
  });
}

/** Every `custom_id` that a message carries. */
export function customIdsOf({ components }: Pick<Message, 'components'>): string[] {
  return customIdsIn(components.map((component) => component.toJSON()));
}

/** Every `custom_id` in these components, however deep it stands, in components of whatever type. */
function customIdsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    key === 'custom_id' && typeof inside === 'string' ? [inside] : customIdsIn(inside),
  );
}
