import { expect, test } from 'vitest';
import { renderSettings } from '../../src/commands/settings.view.ts';
import { NO_RULES, serverRules } from '../../src/services/request/server-rules.ts';
import { NO_SETTINGS, type Settings } from '../../src/services/request/settings.ts';
import { offering } from '../support/offering.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages } from './views.ts';

test('without settings it is said what the bot does by itself', () => {
  const shown = describe({});
  expect(shown).toContain('**Nano Banana · Auto · 1K**');
  expect(shown).toContain('Who can see the reply: **Everyone here**');
  expect(shown).toContain('You are not notified when an image is done.');
});

test('what a default comes to by the rules of the server is said where it gives way', () => {
  const rules = serverRules.parse({ models: ['nano-banana-pro'], maxResolution: '1k' });
  const settings = { ...NO_SETTINGS, model: 'nano-banana' as const, resolution: '2k' as const };
  const shown = descriptionOf(renderSettings(settings, offering('gpt-image-2'), rules, en));
  expect(shown).toContain('**Nano Banana · Auto · 2K**');
  expect(shown).toContain('This server’s rules turn that into Nano Banana Pro · Auto · 1K.');
  expect(descriptionOf(renderSettings(settings, offering('gpt-image-2'), NO_RULES, en))).not.toContain(
    'rules',
  );
});

test('what was chosen is shown as what it comes to', () => {
  const chosen = {
    model: 'gpt-image-2',
    ratio: '16:9',
    resolution: '4k',
    quality: 'high',
    private: true,
  } as const;
  expect(describe(chosen)).toContain('**GPT Image 2 · 16:9 · 4K · High**');
  expect(describe(chosen)).toContain('**Only me**');
  expect(describe({ ...chosen, ratio: '1:1' })).toContain('**GPT Image 2 · 1:1 · 2K · High**');
});

test('from when on a person is told is said where they are told at all', () => {
  expect(describe({ notify: 'mention', notifyAfterSeconds: 60 })).toMatch(
    /You are mentioned.*longer than 60 s/,
  );
  expect(describe({ notify: 'direct' })).toMatch(/direct message/);
  expect(describe({ notify: 'direct' })).not.toMatch(/longer than/);
  expect(describe({ notifyAfterSeconds: 60 })).not.toMatch(/longer than/);
});

test('everything can be changed, or put back', () => {
  expect(
    buttonsOf(renderSettings(NO_SETTINGS, offering('nano-banana'), NO_RULES, en)).map(({ action }) => action),
  ).toEqual(['defaults', 'notices', 'reset']);
});

test('it stays within Discord’s limits in every language', () => {
  const settings = { ...NO_SETTINGS, notify: 'direct', notifyAfterSeconds: 99_999, private: true } as const;
  for (const [, text] of languages)
    expect(messageProblems(renderSettings(settings, offering('gpt-image-2'), NO_RULES, text))).toEqual([]);
});

function describe(settings: Partial<Settings>): string {
  return descriptionOf(
    renderSettings({ ...NO_SETTINGS, ...settings }, offering('nano-banana'), NO_RULES, en),
  );
}
