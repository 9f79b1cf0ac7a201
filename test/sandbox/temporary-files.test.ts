import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

test('nothing has a fixed name in the folder for temporary files, where others could put code of theirs under it', () => {
  const files = globSync('{bench,sandbox,src,test}/**/*.{ts,js}', { cwd: REPOSITORY });
  const uses = files.flatMap((file) =>
    readFileSync(`${REPOSITORY}${file}`, 'utf8')
      .split('\n')
      .filter((line) => /\btmpdir\(/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(uses.length).toBeGreaterThan(10);
  expect(uses.filter((use) => !/mkdtemp(Sync)?\(/.test(use))).toEqual([]);
});
