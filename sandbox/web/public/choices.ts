import type { APIMessageComponentEmoji, APISelectMenuComponent } from 'discord-api-types/v10';
import { Component } from './kinds.ts';
import type { State } from './state.ts';

/** One line of a select menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly emoji?: APIMessageComponentEmoji | undefined;
}

/** What a select menu offers: its own options, or the people, roles and channels there are. */
export function choicesOf(select: APISelectMenuComponent, { sandbox }: State): readonly Choice[] {
  const named = (items: readonly { id: string; name: string }[] = []) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  switch (select.type) {
    case Component.StringSelect:
      return select.options;
    case Component.UserSelect:
      return named(sandbox?.people);
    case Component.RoleSelect:
      return named(sandbox?.roles);
    case Component.MentionableSelect:
      return [...named(sandbox?.people), ...named(sandbox?.roles)];
    default:
      return named(sandbox?.channels.filter(({ kind }) => kind !== 'dm'));
  }
}

/** What is chosen before anybody chooses. */
export function presetsOf(select: APISelectMenuComponent): string[] {
  if (select.type !== Component.StringSelect) return (select.default_values ?? []).map(({ id }) => id);
  return select.options.filter((option) => option.default).map(({ value }) => value);
}
