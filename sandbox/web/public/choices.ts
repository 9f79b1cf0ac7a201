import type {
  APIChannelSelectComponent,
  APIMessageComponentEmoji,
  APISelectMenuComponent,
} from 'discord-api-types/v10';
import type { ShownChannel } from '../protocol.ts';
import { Component } from './kinds.ts';
import type { State } from './state.ts';

/** One line of a select menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly emoji?: APIMessageComponentEmoji | undefined;
}

/** The choices of a select menu: its own options, or people, roles and channels. */
export function choicesOf(select: APISelectMenuComponent, { sandbox, place }: State): readonly Choice[] {
  const named = (items: readonly { id: string; name: string }[] = []) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  const roles = sandbox?.roles.filter(({ name }) => name !== '@everyone');
  switch (select.type) {
    case Component.StringSelect:
      return select.options;
    case Component.UserSelect:
      return named(sandbox?.people);
    case Component.RoleSelect:
      return named(roles);
    case Component.MentionableSelect:
      return [...named(sandbox?.people), ...named(roles)];
    default:
      return named(channelsFor(select, sandbox?.channels ?? [], place.channelId));
  }
}

/** The channels of the menu's server, of the kinds that it asks for. */
function channelsFor(
  { channel_types: types = [] }: APIChannelSelectComponent,
  channels: readonly ShownChannel[],
  hereId: string,
): readonly ShownChannel[] {
  const here = channels.find(({ id }) => id === hereId);
  return channels.filter(
    ({ group, type }) => group === here?.group && (types.length === 0 || types.includes(type)),
  );
}

/** The preselected values. */
export function presetsOf(select: APISelectMenuComponent): string[] {
  if (select.type !== Component.StringSelect) return (select.default_values ?? []).map(({ id }) => id);
  return select.options.filter((option) => option.default).map(({ value }) => value);
}
