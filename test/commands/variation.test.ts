import { expect, test } from 'vitest';
import { variationPrompt } from '../../src/commands/variation.ts';
import { PROMPT_MAX_CHARACTERS } from '../../src/services/request/request.ts';
import { en, languages } from './views.ts';

const fox = { prompt: 'a fox', model: 'nano-banana' } as const;

test('a variation says how far it goes, and then what was asked for', () => {
  expect(variationPrompt(fox, 'strong', en)).toBe(`${en.variation.strong}\n\na fox`);
  expect(variationPrompt(fox, 'subtle', en)).toBe(`${en.variation.subtle}\n\na fox`);
});

test('a variation of a variation says it once, whichever language it was in', () => {
  for (const [, first] of languages) {
    for (const strength of ['strong', 'subtle'] as const) {
      const prompt = variationPrompt(fox, strength, first);
      expect(variationPrompt({ ...fox, prompt }, 'strong', en)).toBe(variationPrompt(fox, 'strong', en));
    }
  }
});

test('it is never longer than a prompt may be', () => {
  for (const [, text] of languages) {
    const prompt = variationPrompt({ ...fox, prompt: 'fox '.repeat(1000) }, 'strong', text);
    expect(prompt.length).toBeLessThanOrEqual(PROMPT_MAX_CHARACTERS);
    expect(prompt).toContain('fox fox');
  }
});
