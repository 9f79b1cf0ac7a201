import { expect, test } from 'vitest';
import { factsLine, secondsOf, settingsLine } from '../../src/commands/facts.ts';
import { textFor } from '../../src/commands/text/index.ts';
import { generationRow, imageRow, NOW, taskRow } from '../services/rows.ts';
import { en } from './views.ts';

const settings = { model: 'gpt-image-2', ratio: '16:9', resolution: '2k', quality: 'high' } as const;

test('settings are one line, with the quality that is really sent', () => {
  expect(settingsLine(settings, en)).toBe('GPT Image 2 · 16:9 · 2K · High');
  expect(settingsLine({ ...settings, quality: null, ratio: 'auto' }, en)).toBe(
    'GPT Image 2 · Auto · 2K · Low',
  );
  expect(settingsLine({ ...settings, model: 'nano-banana-pro' }, en)).toBe('Nano Banana Pro · 16:9 · 2K');
});

test('they are in the reader’s language', () => {
  expect(settingsLine({ ...settings, ratio: 'auto' }, textFor('zh-CN'))).toBe('GPT Image 2 · 自动 · 2K · 高');
});

test('references, images and the time follow where there is something to say', () => {
  const { request } = generationRow({ request: { ...settings, count: 3 } });
  const tasks = [took(8), took(75), taskRow({ state: 'failed', submittedAt: 1, endedAt: 999_999 })];
  expect(factsLine({ request }, { references: 2, tasks }, en)).toBe(
    'GPT Image 2 · 16:9 · 2K · High · 2 references · 2 images · 1 min 15 s',
  );
});

test.each([
  ['there is one', [taskRow(), taskRow()]],
  ['all are there', [took(8), taskRow()]],
])('until %s, it says how many were asked for, and not how long it took', (_, tasks) => {
  const { request } = generationRow({ request: { ...settings, count: 2 } });
  expect(factsLine({ request }, { references: 0, tasks }, en)).toBe(
    'GPT Image 2 · 16:9 · 2K · High · 2 images',
  );
});

test('a single image says neither how many it is nor, without an end, how long it took', () => {
  const { request } = generationRow({ request: settings });
  expect(factsLine({ request }, { references: 1, tasks: [taskRow()] }, en)).toBe(
    'GPT Image 2 · 16:9 · 2K · High · 1 reference',
  );
});

test('how long it took is only said where the service was watched from the start', () => {
  expect(secondsOf(took(8))).toBe(8);
  expect(secondsOf({ ...took(8), watchedSince: NOW - 1000 })).toBeNull();
  expect(secondsOf(taskRow({ submittedAt: NOW }))).toBeNull();
  expect(secondsOf(took(0))).toBe(1);
});

function took(seconds: number) {
  return imageRow({ submittedAt: NOW - seconds * 1000, endedAt: NOW });
}
