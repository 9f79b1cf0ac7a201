import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { normalized } from '../../src/services/normalized.ts';

test('a text keeps what it says in another form', () => {
  expect(normalized('ﬁg, Ａ, e\u0301', 'NFKC')).toBe('fig, A, é');
  expect(normalized('é', 'NFKD')).toBe('e\u0301');
});

test('no letter keeps more marks than can be put in order at once', () => {
  expect(normalized(`e${'\u0327\u0301'.repeat(2000)}x`, 'NFKD')).toHaveLength(18);
});

test('nothing else puts marks in order', () => {
  const others = globSync('src/**/*.ts').filter((file) => readFileSync(file, 'utf8').includes('.normalize('));
  expect(others).toEqual(['src/services/normalized.ts']);
});
