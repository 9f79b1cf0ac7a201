import { expect, test } from 'vitest';
import { readShards } from '../../../src/services/discord/sharding.ts';

test.each([
  ['1', [0], 1],
  ['3', [0, 1, 2], 3],
  ['0,1', [0, 1], 2],
  ['1, 0', [0, 1], 2],
  ['0-3 of 8', [0, 1, 2, 3], 8],
  ['5,0-1 of 8', [0, 1, 5], 8],
  ['7 of 8', [7], 8],
])('%s are shards %j of %i', (text, ids, count) => {
  expect(readShards(text)).toEqual({ ids, count });
});

test('auto leaves the number to Discord', () => {
  expect(readShards('auto')).toBe('auto');
});

test.each([
  ['many', /must be auto, a number of shards, or a list/],
  ['3-1 of 8', /must be auto, a number of shards, or a list/],
  ['0', /must be 1 to 1000 shards/],
  ['1001', /must be 1 to 1000 shards/],
  ['2,3', /must include the total number of shards, as in 2,3 of 4/],
  ['6-8 of 8', /must list shards from 0 to 7 if there are 8/],
])('%s is refused in a sentence', (text, problem) => {
  expect(() => readShards(text)).toThrow(problem);
});
