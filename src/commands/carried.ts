import type {
  AnySelectMenuInteraction,
  ButtonInteraction,
  Message,
  ModalSubmitInteraction,
} from 'discord.js';
import { type Action, decodeCustomId } from './custom-id.ts';

type Component = ButtonInteraction | AnySelectMenuInteraction | ModalSubmitInteraction;

/** These forms are answered in a new reply; the message that they were opened from doesn't change. */
const ANSWERED_ANEW: ReadonlySet<Action> = new Set(['edit', 'reference', 'draft']);

/**
 * Whether a component really belongs to the message that it came with, and the message is the bot's. Handlers edit or
 * delete that message, so an id that comes with any other message isn't accepted.
 */
export function isCarried(interaction: Component): boolean {
  const { message, customId } = interaction;
  // A form that a command has opened comes without a message.
  if (!message) return interaction.isModalSubmit();
  if (!isOwn(message, interaction)) return false;
  const carried = customIdsOf(message);
  return interaction.isModalSubmit() ? isOpenedBy(carried, customId) : carried.includes(customId);
}

/** Whether the application has sent it, by an interaction's webhook or as the bot's user. */
function isOwn({ applicationId, author }: Message, interaction: Component): boolean {
  return applicationId === interaction.applicationId || author.id === interaction.client.user.id;
}

/** A form has the action and the subject of the button that opens it. */
function isOpenedBy(carried: readonly string[], customId: string): boolean {
  const form = decodeCustomId(customId);
  if (!form) return false;
  // The button may disappear while the form is open; the person's text must not be lost with it.
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
