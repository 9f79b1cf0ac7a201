import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../sandbox/jimmyai/random.ts';
import {
  canStrike,
  MISBEHAVIOUR_KINDS,
  typicalMisbehaviour,
} from '../../../sandbox/jimmyai/typical-misbehaviour.ts';

test('a typical misbehaviour is of its kind and strikes where it was drawn for', () => {
  const endpoints = fc.constantFrom('create', 'upload');
  fc.assert(
    fc.property(fc.constantFrom(...MISBEHAVIOUR_KINDS), endpoints, fc.integer(), (kind, endpoint, seed) => {
      fc.pre(canStrike(kind, endpoint));
      const misbehaviour = typicalMisbehaviour(kind, endpoint, seededRandom(seed));
      expect(misbehaviour.kind).toBe(kind);
      expect('at' in misbehaviour && misbehaviour.at === 'upload').toBe(endpoint === 'upload');
    }),
  );
});
