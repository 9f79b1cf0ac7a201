import { expect, test } from 'vitest';
import { variationPrompt } from '../../src/commands/variation.ts';
import { PROMPT_MAX_CHARACTERS } from '../../src/services/request/request.ts';
import { en, languages } from './views.ts';

const fox = { prompt: 'a fox', model: 'nano-banana' } as const;

test('a variation says what was asked for, and then how far it goes', () => {
  expect(variationPrompt(fox, 'strong', en)).toBe(`a fox\n\n${en.variation.strong}`);
  expect(variationPrompt(fox, 'subtle', en)).toBe(`a fox\n\n${en.variation.subtle}`);
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
