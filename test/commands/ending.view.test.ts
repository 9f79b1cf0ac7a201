import { expect, test } from 'vitest';
import { endingLines, originalLink } from '../../src/commands/ending.view.ts';
import type { Task } from '../../src/services/ledger/rows.ts';
import { imageRow, jobState, liveTask, taskRow } from '../services/rows.ts';
import { en, languages } from './views.ts';

const REFERENCE = '-# Reference number 89abcdef';
const refused = { state: 'failed', reason: 'content-policy', serviceWords: 'unsafe' } as const;
const tooLarge = { state: 'undeliverable', reason: 'too-large' } as const;

test('where all images are there, nothing is said', () => {
  expect(lines(imageRow(), imageRow({ state: 'completed' }))).toEqual([]);
});

test('what ended all images alike is said once', () => {
  const told = [`⚠️ ${en.ended['content-policy']}`, '> unsafe', REFERENCE];
  expect(lines(refused)).toEqual(told);
  expect(lines(refused, refused, refused)).toEqual(told);
});

test('Chinese words of the service are explained to whoever reads English, and to nobody else', () => {
  const poor = { state: 'refused', reason: 'credit', serviceWords: '余额不足' } as const;
  expect(lines(poor).slice(1)).toEqual(['> 余额不足', '-# Chinese for: insufficient balance', REFERENCE]);
  expect(lines({ ...poor, serviceWords: '这是什么' })[2]).toBe('-# in Chinese, as the image service says it');
  const [, zhCN] = languages.find(([locale]) => locale === 'zh-CN') ?? [];
  expect(zhCN?.gloss('余额不足')).toBeNull();
});

test('what ended some of the images says which', () => {
  expect(lines(imageRow(), refused)).toEqual([
    `⚠️ Image 2: ${en.ended['content-policy']}`,
    '> unsafe',
    REFERENCE,
  ]);
});

test('images that ended differently are told apart, each with the words of the service about it', () => {
  const failed = { state: 'failed', reason: 'model-failed', serviceWords: 'no GPU' } as const;
  expect(lines(refused, failed)).toEqual([
    `⚠️ Image 1: ${en.ended['content-policy']}`,
    '> unsafe',
    `⚠️ Image 2: ${en.ended['model-failed']}`,
    '> no GPU',
    REFERENCE,
  ]);
});

test('nothing went wrong where the person cancelled: there is no number for the operator', () => {
  const cancelled = { state: 'cancelled', reason: 'cancelled-sent' } as const;
  expect(lines(cancelled, cancelled)).toEqual([`✖️ ${en.ended['cancelled-sent']}`]);
  expect(lines(cancelled, refused)).toContain(REFERENCE);
});

test('a reference is named by its place, and never by its file’s name', () => {
  const told = (serviceWords: string | null) =>
    lines({ state: 'refused', reason: 'reference-unavailable', serviceWords })[0];
  expect(told('2')).toMatch(/^⚠️ Reference image 2 could not be fetched/);
  expect(told('2 HEIC')).toMatch(/^⚠️ Reference image 2 \(HEIC\) could not be fetched/);
  expect(told('me-at-the-clinic.png')).toMatch(/^⚠️ A reference image could not be fetched/);
  expect(told(null)).toMatch(/^⚠️ A reference image could not be fetched/);
});

test('every language names the reference wherever English does', () => {
  for (const [locale, text] of languages) {
    for (const [reason, words] of Object.entries(text.ended)) {
      expect(words.includes('{image}'), `${locale} ${reason}`).toBe(/^reference-(?!mask-)/.test(reason));
    }
  }
});

test('an image that cannot be shown is linked at the service', () => {
  expect(lines({ ...tooLarge, imageUrl: 'https://x.example/1.png' })).toContain(
    en.original('https://x.example/1.png'),
  );
});

test('several images that cannot be shown are linked each', () => {
  const shown = lines(
    { ...tooLarge, imageUrl: 'https://x.example/1.png' },
    { ...tooLarge, imageUrl: 'https://x.example/2.png' },
  ).join('\n');
  expect(shown).toContain(en.original('https://x.example/1.png'));
  expect(shown).toContain(en.original('https://x.example/2.png'));
});

test.each([
  ['none', { imageUrl: null }],
  ['no address at all', { imageUrl: 'somewhere' }],
  ['one with a password', { imageUrl: 'https://a:b@x.example/1.png' }],
  ['one that is too long to be shown', { imageUrl: `https://x.example/${'x'.repeat(1000)}` }],
  ['one that leads to nothing', { imageUrl: 'https://x.example/1.png', reason: 'image-gone' }],
  ['one where nobody may go', { imageUrl: 'https://10.0.0.1/1.png', reason: 'image-forbidden' }],
] satisfies [string, Partial<Task>][])('an address like %s is not linked', (_, row) => {
  expect(originalLink(taskRow({ ...tooLarge, ...row }), 'one', en)).toEqual([]);
});

test('an address cannot end its link', () => {
  expect(originalLink(taskRow({ imageUrl: 'https://x.example/a_(1).png' }), 'one', en)).toEqual([
    '[Original](https://x.example/a_%281%29.png), kept for 3 days.',
  ]);
});

test('no address makes a link longer than is shown', () => {
  const imageUrl = `https://x.example/${'('.repeat(900)}`;
  expect(originalLink(taskRow({ imageUrl }), 'one', en).join('').length).toBeLessThanOrEqual(1100);
});

function lines(...rows: Partial<Task>[]): string[] {
  return endingLines(
    jobState(
      rows.map((row) => liveTask(row)),
      { stage: 'final' },
    ),
    en,
  );
}
