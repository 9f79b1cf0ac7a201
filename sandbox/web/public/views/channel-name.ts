import type { ShownChannel } from '../../protocol.ts';

const SIGNS: Record<ShownChannel['kind'], string> = {
  text: '#',
  thread: '⌇',
  voice: '♪',
  dm: '@',
  group: '&',
};

/** The sign before a channel's name in lists. */
export function signOf({ kind }: ShownChannel): string {
  return SIGNS[kind];
}

/** A channel's name as Discord writes it in a sentence. */
export function nameInText(channel: ShownChannel | undefined): string {
  if (!channel) return '';
  const isPrivate = channel.kind === 'dm' || channel.kind === 'group';
  return `${isPrivate ? '@' : '#'}${channel.name}`;
}
