import { expect, test } from 'vitest';
import { defaultsModal, noticesModal } from '../../src/commands/settings-modals.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { NO_SETTINGS, type Settings } from '../../src/services/request/settings.ts';
import { filledIn } from '../support/filled-in.ts';
import { modalProblems } from './limits.ts';
import { en, languages } from './views.ts';

const chosen: Settings = {
  model: 'nano-banana-pro',
  ratio: '21:9',
  resolution: '4k',
  quality: 'medium',
  private: true,
  notify: 'direct',
  notifyAfterSeconds: 99_999,
};

test('the forms are filled with what was chosen before', () => {
  expect(filledIn(defaultsModal(chosen, MODEL_IDS, en))).toEqual({
    model: ['nano-banana-pro'],
    ratio: ['21:9'],
    resolution: ['4k'],
    quality: ['medium'],
    private: ['onlyMe'],
  });
  expect(filledIn(noticesModal(chosen, en))).toEqual({ notify: ['direct'], after: ['99999'] });
  expect(filledIn(defaultsModal({ ...chosen, private: false }, MODEL_IDS, en)).private).toEqual(['everyone']);
});

test('without settings, no default is picked, and nobody is told', () => {
  expect(filledIn(defaultsModal(NO_SETTINGS, MODEL_IDS, en))).toEqual({
    model: ['none'],
    ratio: ['none'],
    resolution: ['none'],
    quality: ['none'],
    private: ['none'],
  });
  expect(filledIn(noticesModal(NO_SETTINGS, en))).toEqual({ notify: ['off'], after: [''] });
});

test('they stay within Discord’s limits in every language', () => {
  for (const [locale, text] of languages) {
    for (const settings of [NO_SETTINGS, chosen]) {
      expect(modalProblems(defaultsModal(settings, MODEL_IDS, text)), locale).toEqual([]);
      expect(modalProblems(noticesModal(settings, text)), locale).toEqual([]);
    }
  }
});
