import { ComponentType } from 'discord.js';
import type { Interaction, Message, PersonFile, User } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, textOf, until } from './bot-on-sandbox.ts';

/** Presses the button with this label. */
export function press(on: BotOnSandbox, message: Message, label: string, user?: User): Interaction {
  return on.discord.interact.click({ message, customId: button(message, label), ...(user && { user }) });
}

/** Cancels a request that the service may have begun, and confirms the question that then comes first. */
export async function stopWaiting(on: BotOnSandbox, message: Message, user?: User): Promise<void> {
  const label = labels(message).includes('Cancel') ? 'Cancel' : 'Stop waiting';
  const { message: asked } = await press(on, message, label, user).response();
  if (asked && asked.id !== message.id) await press(on, asked, 'Stop waiting', user).response();
}

/** Deletes a reply, or everything that is stored of it, through the form that tells what stays. */
export function remove(
  on: BotOnSandbox,
  message: Message,
  user?: User,
  what: 'message' | 'everything' = 'message',
): Promise<Interaction> {
  return submit(on, press(on, message, 'Delete', user), { what: [what] });
}

/** Presses a button that changes its own message, and waits until the message reads like this. */
export async function changed(
  on: BotOnSandbox,
  { id }: Message,
  label: string,
  reads: RegExp,
  user?: User,
): Promise<Message> {
  const now = () => on.discord.messages().find((message) => message.id === id);
  const before = now();
  if (!before) throw new Error('the message is gone');
  const looked = JSON.stringify(before);
  await press(on, before, label, user).response();
  return until(() => {
    const after = now();
    return after && JSON.stringify(after) !== looked && reads.test(textOf(after)) ? after : undefined;
  });
}

/** Fills in the modal that an interaction has opened, and submits it. */
export async function submit(
  on: BotOnSandbox,
  opened: Interaction,
  fields: Readonly<Record<string, string | readonly (string | PersonFile)[]>>,
): Promise<Interaction> {
  const modal = await opened.response();
  return on.discord.interact.submitModal({ modal, fields, user: opened.user });
}

/** The labels of a message's buttons, in order. */
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

/** Its buttons, in order. */
export function buttonsOf(message: Message) {
  return (message.components ?? []).flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((part) => (part.type === ComponentType.Button ? part : []))
      : [],
  );
}
