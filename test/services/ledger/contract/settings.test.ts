import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODEL_IDS, QUALITIES, RATIOS, RESOLUTIONS } from '../../../../src/services/request/models.ts';
import { NO_SETTINGS } from '../../../../src/services/request/settings.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

const anySettings = fc.record({
  model: fc.option(fc.constantFrom(...MODEL_IDS)),
  ratio: fc.option(fc.constantFrom(...RATIOS)),
  resolution: fc.option(fc.constantFrom(...RESOLUTIONS)),
  quality: fc.option(fc.constantFrom(...QUALITIES)),
  private: fc.option(fc.boolean()),
  notify: fc.constantFrom('off', 'mention', 'direct'),
  notifyAfterSeconds: fc.nat(99_999),
});

test('somebody who never changed them has no settings', async () => {
  expect(await file.ledger.settings.of('ann')).toEqual(NO_SETTINGS);
});

test('what was saved last is what there is, and nobody else’s', async () => {
  await fc.assert(
    fc.asyncProperty(anySettings, anySettings, async (first, second) => {
      await file.ledger.settings.save('ann', first);
      await file.ledger.settings.save('ann', second);
      expect(await file.ledger.settings.of('ann')).toEqual(second);
    }),
    { numRuns: 30 },
  );
  expect(await file.ledger.settings.of('bob')).toEqual(NO_SETTINGS);
});

test('two forms that are sent at the same time both hold', async () => {
  const { settings } = file.ledger;
  await Promise.all([settings.save('ann', { ratio: '16:9' }), settings.save('ann', { notify: 'direct' })]);
  expect(await settings.of('ann')).toEqual({ ...NO_SETTINGS, ratio: '16:9', notify: 'direct' });
});

test('settings survive a restart', async () => {
  await file.ledger.settings.save('ann', { ...NO_SETTINGS, private: false, notify: 'direct' });
  await file.reopen();
  expect(await file.ledger.settings.of('ann')).toEqual({ ...NO_SETTINGS, private: false, notify: 'direct' });
});
