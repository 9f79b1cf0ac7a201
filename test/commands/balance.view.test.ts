import { expect, test } from 'vitest';
import { type BalanceState, renderBalance } from '../../src/commands/balance.view.ts';
import { en } from '../../src/commands/text/en.ts';
import { zhCN } from '../../src/commands/text/zh-cn.ts';
import { ImageServiceError } from '../../src/services/image-service/errors.ts';
import { WARNING_KINDS } from '../../src/services/ledger/warnings.ts';
import { messageProblems } from './limits.ts';

const STATE: BalanceState = {
  balances: {
    account: { available: 9876.5, used: 123.5 },
    key: { name: 'bot *key*', available: 400, total: 1000 },
  },
  spending: {
    byModel: [
      { name: 'gpt-image-2', images: 2, coins: 70 },
      { name: 'a-model-of-old', images: 1, coins: 0 },
    ],
    byPerson: [{ name: '42', images: 3, coins: 70 }],
    people: 4,
  },
  week: { images: 20, coins: 402.5 },
  balanceWarning: 500,
  warnings: [],
};

test('what is left, what was spent, by whom and with what are read at a glance', () => {
  expect(description(STATE)).toBe(
    [
      '**Account** 9,876.5 coins left, 123.5 coins used',
      '**Key** bot \\*key\\*: 400 coins left of 1,000 coins',
      'You are warned when fewer than 500 coins are left.',
      '',
      '**Spent in the last 24 hours**',
      'Everything · 3 images · 70 coins',
      '-# By model',
      'GPT Image 2 · 2 images · 70 coins',
      'a-model-of-old · 1 image',
      '-# By person',
      '<@42> · 3 images · 70 coins',
      '-# and 3 other people',
      '',
      '**Spent in the last 7 days**',
      'Everything · 20 images · 402.5 coins',
    ].join('\n'),
  );
});

test('what the service does not tell is said to be unknown, and what was spent is shown all the same', () => {
  const balances = new ImageServiceError('unreachable', 'no', { charged: 'no' });
  expect(description({ ...STATE, balances, balanceWarning: null })).toMatch(
    /^⚠️ The image service doesn’t tell the balance at the moment\. The log says why\.\n\n\*\*Spent/,
  );
});

test('an account without a key’s balance, a key without a quota, and a day without images have their words', () => {
  const account = { available: 1, used: null };
  const key = { name: null, available: null, total: null };
  const spending = { byModel: [], byPerson: [], people: 0 };
  const week = { images: 0, coins: 0 };
  expect(description({ ...STATE, balances: { account, key: null }, spending, week })).toMatch(
    /^\*\*Account\*\* 1 coin left\n.*\n\n\*\*Spent in the last 24 hours\*\*\nNothing was asked for\.$/,
  );
  expect(description({ ...STATE, balances: { account: null, key } })).toMatch(
    /^\*\*Key\*\* no quota of its own\n/,
  );
});

test('prices of a hundredth of a coin are read as they are, and sums without what floats add', () => {
  const byModel = [{ name: 'nano-banana', images: 3, coins: 0.1 + 0.2 }];
  const byPerson = [{ name: '42', images: 3, coins: 0.024 * 3 }];
  const week = { images: 2000, coins: 1234.5678 };
  const shown = description({ ...STATE, spending: { byModel, byPerson, people: 1 }, week });
  expect(shown).toContain('Nano Banana · 3 images · 0.3 coins');
  expect(shown).toContain('<@42> · 3 images · 0.072 coins');
  expect(shown).toContain('Everything · 2000 images · 1,234.57 coins');
});

test.each([en, zhCN])(
  'every warning, and its end, is said in each language, within Discord’s limits',
  (text) => {
    for (const kind of WARNING_KINDS) {
      for (const isOver of [true, false]) {
        const words = text.accountNews({ kind, since: 0, isOver, spendable: 12.345 });
        expect(words.length).toBeLessThan(2000);
        if (kind !== 'key-refused') expect(words).toContain('12.35');
        expect(text.accountNews({ kind, since: 0, isOver, spendable: null })).not.toMatch(/null|NaN/);
      }
    }
    const everyone = Array.from({ length: 10 }, (_, index) => ({
      name: `${10n ** 18n + BigInt(index)}`,
      images: 10_000,
      coins: 123_456.78,
    }));
    const spending = { ...STATE.spending, byPerson: everyone };
    const view = renderBalance({ ...STATE, spending, warnings: ['key-refused'] }, text);
    expect(messageProblems(view)).toEqual([]);
  },
);

function description(state: BalanceState): string | undefined {
  const [embed] = renderBalance(state, en).embeds;
  return embed?.description;
}
