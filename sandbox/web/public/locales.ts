/** The page's languages, with Discord's names for them. */
export const LOCALES = [
  ['en-US', 'English, US'],
  ['zh-CN', '中文'],
  ['zh-TW', '繁體中文'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['de', 'Deutsch'],
  ['fr', 'Français'],
  ['es-ES', 'Español'],
  ['pt-BR', 'Português do Brasil'],
  ['ru', 'Русский'],
] as const;

interface Localized {
  name: string;
  name_localizations?: Partial<Record<string, string | null>> | null;
}

/** The name of a command, an option or a choice in a language. */
export function nameIn(locale: string, { name, name_localizations: names }: Localized): string {
  return names?.[locale] ?? name;
}

/** The description of a command or an option in a language. */
export function descriptionIn(
  locale: string,
  described: { description: string; description_localizations?: Localized['name_localizations'] },
): string {
  return described.description_localizations?.[locale] ?? described.description;
}
