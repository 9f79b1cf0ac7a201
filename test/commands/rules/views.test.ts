import { ComponentType } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { renderRuleChanges } from '../../../src/commands/rules/changes.view.ts';
import { renderImageRules, renderPeopleRules } from '../../../src/commands/rules/menus.view.ts';
import { limitsModal, pauseModal, wordsModal } from '../../../src/commands/rules/modals.ts';
import { renderResetQuestion, renderRules } from '../../../src/commands/rules/overview.view.ts';
import type { Text } from '../../../src/commands/text/index.ts';
import { zhCN } from '../../../src/commands/text/zh-cn.ts';
import type { ReplyView } from '../../../src/services/discord/reply-message.ts';
import type { RuleChange } from '../../../src/services/ledger/server-rules.ts';
import { type HostLimits, NO_LIMITS } from '../../../src/services/request/limits.ts';
import { MODEL_IDS } from '../../../src/services/request/models.ts';
import { NO_RULES, type ServerRules } from '../../../src/services/request/server-rules.ts';
import { TOOLS } from '../../../src/services/request/tools.ts';
import { messageProblems, modalProblems } from '../limits.ts';
import { buttonsOf, descriptionOf, en, languages } from '../views.ts';

const host: HostLimits = {
  person: { running: 3, waiting: 10, perDay: null },
  server: NO_LIMITS,
  overall: { tasks: null, perDay: null },
  unit: 'images',
};
const ids = Array.from({ length: 25 }, (_, index) => String(10n ** 19n + BigInt(index)));
const most: ServerRules = {
  models: ['gpt-image-2', 'nano-banana', 'nano-banana-2'],
  refusedTools: ids,
  maxResolution: '2k',
  maxQuality: 'medium',
  channels: ids,
  refusedRoles: ids,
  exemptRoles: ids,
  memberRunning: 999_999,
  memberWaiting: 999_999,
  memberPerDay: 999_999,
  serverRunning: 999_999,
  serverWaiting: 999_999,
  serverPerDay: 999_999,
  blockedWords: Array.from({ length: 30 }, (_, index) => `${index}${'*'.repeat(120)}`),
  paused: { reason: '*'.repeat(200) },
};
const everywhere = () => true;

describe.each(languages)('in %s', (_, text) => {
  test.each([
    ['nothing', NO_RULES],
    ['as much as there can be', most],
  ])('%s is shown within Discord’s limits', (_, rules) => {
    expect(messageProblems(renderRules(rules, host, text))).toEqual([]);
    expect(messageProblems(renderImageRules(rules, { models: MODEL_IDS, tools: TOOLS }, text))).toEqual([]);
    expect(messageProblems(renderPeopleRules(rules, everywhere, text))).toEqual([]);
    expect(messageProblems(renderResetQuestion(text))).toEqual([]);
    expect(modalProblems(limitsModal('member', rules, host.person, 'images', text))).toEqual([]);
    expect(modalProblems(limitsModal('server', rules, host.server, 'coins', text))).toEqual([]);
    expect(modalProblems(wordsModal('list', rules, text))).toEqual([]);
    expect(modalProblems(pauseModal(text))).toEqual([]);
  });

  test('a page of the longest changes stays within them, too', () => {
    const fields = Object.keys(most) as (keyof ServerRules)[];
    for (const field of fields) {
      for (const from of [NO_RULES[field], most[field]]) {
        const changes = Array.from({ length: 8 }, () => changeOf(field, from, most[field]));
        expect(messageProblems(renderRuleChanges({ changes, page: 2, pages: 9 }, text))).toEqual([]);
      }
    }
  });
});

test('what is picked is what is shown as picked', () => {
  const rules = {
    ...NO_RULES,
    models: ['nano-banana'],
    refusedTools: ['upscale'],
    maxQuality: 'medium' as const,
    channels: ['1', '2'],
  };
  expect(picked(renderImageRules(rules, { models: MODEL_IDS, tools: TOOLS }, en))).toEqual([
    ['nano-banana'],
    ['any'],
    ['medium'],
    ['upscale'],
  ]);
  expect(picked(renderPeopleRules(rules, (id) => id !== '2', en))).toEqual([[], [], ['1']]);
  const all = picked(renderImageRules(NO_RULES, { models: MODEL_IDS, tools: TOOLS }, en));
  expect(all).toEqual([MODEL_IDS, ['any'], ['any'], []]);
});

test('limits are shown as they come out: the host’s, where the server’s own are wider or there are none', () => {
  const own = { ...NO_RULES, memberRunning: 1, memberWaiting: 99, serverPerDay: 500 };
  expect(descriptionOf(renderRules(own, host, en))).toContain(
    '**Limits per member:** 1 at once, 10 waiting, any number of images in 24 hours\n' +
      '**Limits of the server:** any number at once, any number waiting, 500 images in 24 hours',
  );
});

test('words are literal, whatever somebody has blocked', () => {
  const rules = { ...NO_RULES, blockedWords: ['@everyone', '**bold**', '<@1>'] };
  expect(descriptionOf(renderRules(rules, host, en))).toContain('\\@everyone, \\*\\*bold\\*\\*, \\<@1>');
});

test('entries of a list stand apart as in the language around them', () => {
  const rules = { ...NO_RULES, models: ['nano-banana', 'nano-banana-2'] };
  const shown = (text: Text) => descriptionOf(renderRules(rules, host, text));
  expect(shown(en)).toContain('Nano Banana, Nano Banana 2');
  expect(shown(zhCN)).toContain('Nano Banana、Nano Banana 2');
});

test('of long lists of words the list of changes shows what was added and what removed', () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const change = changeOf('blockedWords', words, [...words.slice(1), 'wolf']);
  const shown = descriptionOf(renderRuleChanges({ changes: [change], page: 1, pages: 1 }, en));
  expect(shown).toBe('**Blocked words:** 40 → 40: wolf, ~~word0~~\n-# <t:2:R> · <@ann>');
});

test('a change of a rule that this version does not know is listed as what it is', () => {
  const changes = [changeOf('curfew', null, '22:00')];
  const shown = descriptionOf(renderRuleChanges({ changes, page: 1, pages: 1 }, en));
  expect(shown).toContain('A change by another version of the bot\n-# <t:2:R> · <@ann>');
});

test('the list turns no further than it goes', () => {
  const turns = (page: number) =>
    buttonsOf(renderRuleChanges({ changes: [], page, pages: 3 }, en))
      .filter(({ disabled }) => !disabled)
      .map(({ label, subject }) => `${label} ${subject}`);
  expect(turns(1)).toEqual(['Older 2', 'Back all']);
  expect(turns(2)).toEqual(['Newer 1', 'Older 3', 'Back all']);
  expect(turns(3)).toEqual(['Newer 2', 'Back all']);
});

function changeOf(field: string, from: unknown, to: unknown): RuleChange {
  return { guildId: 'studio', userId: 'ann', changedAt: 2_000, field, from, to };
}

/** The values that each menu of a message shows as picked. */
function picked({ components }: ReplyView): string[][] {
  return components.flatMap((row) =>
    row.components.flatMap((part) => {
      if (part.type === ComponentType.Button) return [];
      if (part.type !== ComponentType.StringSelect) return [(part.default_values ?? []).map(({ id }) => id)];
      return [part.options.filter((option) => option.default).map(({ value }) => value)];
    }),
  );
}
