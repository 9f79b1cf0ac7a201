import { ComponentType } from 'discord.js';
import type { Message } from '../../sandbox/discord/index.ts';

/** What the buttons of a message are called, in their order. */
export function labels(message: Message): string[] {
  return buttonsOf(message).flatMap((part) => ('label' in part && part.label ? part.label : []));
}

/** The custom id of the button with this label. */
export function button(message: Message, label: string): string {
  const found = buttonsOf(message).find((part) => 'label' in part && part.label === label);
  if (!found || !('custom_id' in found)) {
    throw new Error(`there is no button ${label} but ${labels(message).join(', ')}`);
  }
  return found.custom_id;
}

function buttonsOf(message: Message) {
  return (message.components ?? []).flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((part) => (part.type === ComponentType.Button ? part : []))
      : [],
  );
}
