import type { APIApplicationCommandOption, LocaleString } from 'discord.js';
import { en, type Text } from './en.ts';
import { zhCN } from './zh-cn.ts';

export type { Text } from './en.ts';

const DEFAULT_LOCALE = 'en-US';

/** Every language there is, by Discord's names (docs: reference, "Locales"). */
const LANGUAGES: Partial<Record<LocaleString, Text>> = { [DEFAULT_LOCALE]: en, 'zh-CN': zhCN };

/** Every text there is, for what was written in any of them. */
export const TEXTS: readonly Text[] = Object.values(LANGUAGES);

/** The bot's texts for a person's locale; English for unknown languages. */
export function textFor(locale: string): Text {
  return (Object.hasOwn(LANGUAGES, locale) && LANGUAGES[locale as LocaleString]) || en;
}

/** A command's options with their names in every language; the bot goes by the English ones. */
export function localized<const Options extends APIApplicationCommandOption[]>(options: Options): Options {
  const withNames = options.map((option) => {
    const names = Object.entries(translationsOf(({ option: names }) => names[option.name] ?? ''));
    return { ...option, name_localizations: Object.fromEntries(names.filter(([, name]) => name !== '')) };
  });
  return withNames as Options;
}

type Pick = (text: Text) => string;

/** A description in every language, for a command or an option. */
export function described(pick: Pick) {
  return { description: pick(en), description_localizations: translationsOf(pick) };
}

/** The name of a choice or of a menu in every language. */
export function named(pick: Pick) {
  return { name: pick(en), name_localizations: translationsOf(pick) };
}

function translationsOf(pick: Pick): Partial<Record<LocaleString, string>> {
  const others = Object.entries(LANGUAGES).filter(([locale]) => locale !== DEFAULT_LOCALE);
  return Object.fromEntries(others.map(([locale, text]) => [locale, pick(text)]));
}
