import type { APIApplicationCommandOption } from 'discord-api-types/v10';

/** The fields that commands and their options have in common. */
export interface Described {
  name: string;
  description?: string | null;
  name_localizations?: Record<string, string | null> | null;
  description_localizations?: Record<string, string | null> | null;
  options?: readonly APIApplicationCommandOption[] | null;
}

/** The characters of all names, descriptions and values of a command; of localizations the longest counts. */
export function sizeOf(item: Described): number {
  const longest = (text: string | null | undefined, localized: Described['name_localizations']) =>
    Math.max(0, ...[text, ...Object.values(localized ?? {})].map((words) => words?.length ?? 0));
  const own =
    longest(item.name, item.name_localizations) + longest(item.description, item.description_localizations);
  const options = (item.options ?? []).map((option) => {
    const choices = 'choices' in option ? (option.choices ?? []) : [];
    const chosen = choices.map(
      (choice) => longest(choice.name, choice.name_localizations) + String(choice.value).length,
    );
    return sizeOf(option as Described) + sum(chosen);
  });
  return own + sum(options);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
