import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DETAIL_MAX_CHARACTERS } from '../../src/commands/custom-id.ts';
import { decodeState, encodeState, SEARCH_MAX_CHARACTERS } from '../../src/commands/history-state.ts';
import { EVERYTHING } from '../../src/services/ledger/history.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';

const state = fc.record({
  filter: fc.record({
    search: fc
      .string({ maxLength: SEARCH_MAX_CHARACTERS, unit: 'grapheme' })
      .map((typed) => typed.slice(0, SEARCH_MAX_CHARACTERS)),
    day: fc.option(fc.nat(46_655)),
    model: fc.option(fc.constantFrom(...MODEL_IDS)),
    starred: fc.boolean(),
  }),
  position: fc.nat(9),
});

test('what a person looks for comes back from a button as it was put there, and fits', () => {
  fc.assert(
    fc.property(state, (given) => {
      const detail = encodeState(given);
      expect(detail.length).toBeLessThanOrEqual(DETAIL_MAX_CHARACTERS);
      expect(decodeState(detail)).toEqual(given);
    }),
  );
});

test.each([undefined, '', 'fox', '------', 'zzzxx?1'])(
  '%j, which no bot has written, stands for everything',
  (detail) => {
    expect(decodeState(detail)).toEqual({ filter: EVERYTHING, position: 0 });
  },
);

test('a model that has left the table is no longer looked for', () => {
  expect(decodeState('---zz-3fox')).toEqual({ filter: { ...EVERYTHING, search: 'fox' }, position: 3 });
});
