import { expect, test } from 'vitest';
import { redrawPrompt } from '../../../src/services/request/redraw.ts';
import { PROMPT_MAX_CHARACTERS } from '../../../src/services/request/request.ts';

test('a model is told to reproduce the image, once, however often it is drawn again', () => {
  const once = redrawPrompt('a fox');
  expect(once).toMatch(/^a fox\n\nReproduce the attached image/);
  expect(redrawPrompt(once)).toBe(once);
});

test('the longest prompt still has room for that', () => {
  const drawn = redrawPrompt('x'.repeat(PROMPT_MAX_CHARACTERS));
  expect(drawn.length).toBeLessThanOrEqual(PROMPT_MAX_CHARACTERS);
  expect(drawn).toMatch(/Change nothing else\.$/);
});
