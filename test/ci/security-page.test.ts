import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGE = new URL('../../docs/security.md', import.meta.url);
const page = readFileSync(PAGE, 'utf8');
const threats = page.split('\n').filter((line) => /^\| (?!what |---)/.test(line));

test('every line of the threat model names a test', () => {
  expect(threats.length).toBeGreaterThan(20);
  for (const threat of threats) expect(threat).toMatch(/\]\(\.\.\/test\//);
});

test('every test that it names is there, under this name', () => {
  for (const [, title = '', path = ''] of page.matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g)) {
    const file = new URL(path, PAGE);
    expect(existsSync(file), path).toBe(true);
    expect(readFileSync(file, 'utf8'), path).toContain(title);
  }
});
