/** The languages that the page can be switched to, as Discord names them. */
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

/** What a command, an option or a choice is called in a language. */
export function nameIn(locale: string, { name, name_localizations: names }: Localized): string {
  return names?.[locale] ?? name;
}

/** How a command or an option is described in a language. */
export function descriptionIn(
  locale: string,
  described: { description: string; description_localizations?: Localized['name_localizations'] },
): string {
  return described.description_localizations?.[locale] ?? described.description;
}
