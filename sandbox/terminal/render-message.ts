import { type ButtonStyle, ComponentType, MessageFlags } from 'discord-api-types/v10';
import type { Message } from '../discord/index.ts';

/** A message as lines of plain text, as a person reads it in Discord at this moment. */
export function renderMessage(message: Message, now: number): string[] {
  const flags = message.flags ?? 0;
  if (flags & MessageFlags.Loading) return ['is thinking …'];
  const embeds = message.embeds.flatMap(({ title, description, footer }) => [
    title,
    description,
    footer?.text,
  ]);
  return [
    ...[message.content, ...embeds].flatMap((text) => (text ? plain(text, now).split('\n') : [])),
    ...message.attachments.map(({ filename, width, height, size }) => {
      const pixels = width && height ? `${width} × ${height}, ` : '';
      return `📎 ${filename} (${pixels}${(size / 1024).toFixed(0)} KB)`;
    }),
    buttonsOf(message)
      .map(({ label }) => `[${label}]`)
      .join(' '),
    ...(flags & MessageFlags.Ephemeral ? ['(only you can see this)'] : []),
  ].filter((line) => line !== '');
}

/** The buttons of a message that can be pressed, in their order. */
export function buttonsOf(message: Message): { label: string; customId: string; style: ButtonStyle }[] {
  return (message.components ?? []).flatMap((row) => {
    if (row.type !== ComponentType.ActionRow) return [];
    return row.components.flatMap((part) =>
      part.type === ComponentType.Button && 'custom_id' in part && !part.disabled
        ? { label: part.label ?? '', customId: part.custom_id, style: part.style }
        : [],
    );
  });
}

function plain(text: string, now: number): string {
  return text
    .replace(/(?<!\\)<t:(\d+):R>/g, (_, seconds: string) => relative(Number(seconds) * 1000 - now))
    .replace(/(?<!\\)\[([^\]]*)\]\((\S+?)\)/g, '$1 <$2>')
    .replace(/^-# /gm, '')
    .replace(/\\([^\p{L}\p{N}\s])/gu, '$1');
}

function relative(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const amount = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return ms < 0 ? `${amount} ago` : `in ${amount}`;
}
