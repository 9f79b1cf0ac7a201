import { expect, test } from 'vitest';
import { limitWords } from '../../src/commands/here.ts';
import type { LimitRefusal } from '../../src/services/request/limits.ts';
import { generationRow } from '../services/rows.ts';
import { UNLIMITED } from '../support/unlimited.ts';
import { en } from './views.ts';

test.each([
  { limit: 2, wanted: 4, images: 2 },
  // A tenth of a coin has no exact number: three of them must still fit into 0.3.
  { limit: 0.3, wanted: 4 * 0.1, images: 3 },
  { limit: 0.29, wanted: 4 * 0.1, images: 2 },
])('of four images that count $wanted, a limit of $limit a day leaves $images to offer', (given) => {
  const { limit, wanted, images } = given;
  const refusal: LimitRefusal = { kind: 'per-day', scope: 'person', limit, used: 0, wanted, freeAt: null };
  expect(limitWords(refusal, { ...REQUEST, count: 4 }, { limits: UNLIMITED, text: en }).instead).toEqual({
    label: `Make ${images} images`,
    images,
  });
});

const REQUEST = generationRow().request;
