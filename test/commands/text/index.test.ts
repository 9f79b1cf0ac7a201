import { expect, test } from 'vitest';
import { en as english } from '../../../src/commands/text/en.ts';
import { described, named, textFor } from '../../../src/commands/text/index.ts';
import { zhCN } from '../../../src/commands/text/zh-cn.ts';
import { within } from '../limits.ts';
import { languages } from '../views.ts';

test('everybody reads their own language, and English where the bot does not know it', () => {
  expect(textFor('zh-CN')).toBe(zhCN);
  for (const locale of ['en-US', 'en-GB', 'de', 'zh-TW', '', 'constructor', '__proto__']) {
    expect(textFor(locale), locale).toBe(english);
  }
});

test('a translation goes along with what Discord shows by itself', () => {
  expect(described((text) => text.command.jobs)).toEqual({
    description: english.command.jobs,
    description_localizations: { 'zh-CN': zhCN.command.jobs },
  });
  expect(named((text) => text.menu.imageDetails)).toEqual({
    name: english.menu.imageDetails,
    name_localizations: { 'zh-CN': zhCN.menu.imageDetails },
  });
});

test.each(languages)('in %s, every button has a label that Discord takes', (_, text) => {
  const labels = Object.values(text.button).map((label) => (typeof label === 'string' ? label : label(4)));
  expect(labels.flatMap((label) => within('button label', label, 1, 80))).toEqual([]);
});

test.each(languages)('in %s, nothing is left untranslated or empty', (locale, text) => {
  const words = wordsIn(text);
  expect(words.filter((word) => word.trim() === '')).toEqual([]);
  const shared = locale === 'en-US' ? [] : words.filter((word) => wordsIn(english).includes(word));
  expect(shared).toEqual([]);
});

/** Every fixed text, however deep. */
function wordsIn(text: unknown): string[] {
  if (typeof text === 'string') return [text];
  return typeof text === 'object' && text !== null ? Object.values(text).flatMap(wordsIn) : [];
}
