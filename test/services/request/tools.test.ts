import { expect, test } from 'vitest';
import { kindOf, makerOf, priceIn } from '../../../src/services/request/billing.ts';
import { costIn } from '../../../src/services/request/costs.ts';
import { findToolProblem, NO_RULES } from '../../../src/services/request/server-rules.ts';
import { upscaleFactors } from '../../../src/services/request/tools.ts';

const upscaled = {
  model: 'nano-banana',
  resolution: '4k',
  quality: null,
  tool: { name: 'upscale', factor: 4 },
} as const;

test('a picture can become as large as a message takes, and no larger', () => {
  expect(upscaleFactors({ width: 1024, height: 768 })).toEqual([2, 4]);
  expect(upscaleFactors({ width: 2048, height: 2048 })).toEqual([2, 4]);
  expect(upscaleFactors({ width: 1000, height: 2049 })).toEqual([2]);
  expect(upscaleFactors({ width: 5000, height: 10 })).toEqual([]);
  expect(upscaleFactors(null)).toEqual([2, 4]);
});

test('a tool has a price of its own, whatever model its source is from', () => {
  expect(makerOf(upscaled)).toBe('upscale');
  expect(kindOf(upscaled, 1)).toBe('upscale');
  expect(priceIn(new Map([['viraltok-image-upscale', 0.02]]), upscaled, 1)).toBe(0.02);
  expect(priceIn(new Map([['nano-banana', 0.04]]), upscaled, 1)).toBeNull();
  expect(costIn({ upscale: 0.03, 'nano-banana': 0.04 }, upscaled)).toBe(0.03);
  expect(costIn({ 'nano-banana': 0.04 }, upscaled)).toBeNull();
});

test('a tool is used where the host offers it and the server allows it', () => {
  expect(findToolProblem(NO_RULES, 'upscale', ['upscale'])).toBeNull();
  expect(findToolProblem(NO_RULES, 'upscale', [])).toEqual({ kind: 'tool-not-offered', tool: 'upscale' });
  const rules = { ...NO_RULES, refusedTools: ['upscale', 'one of another version'] };
  expect(findToolProblem(rules, 'upscale', ['upscale'])).toEqual({
    kind: 'tool-not-allowed',
    tool: 'upscale',
  });
});
