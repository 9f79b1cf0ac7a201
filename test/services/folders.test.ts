import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const SERVICES = 'src/services';

test('folders of services import each other in one direction', () => {
  const imports = importsBetweenFolders();
  expect(imports.size).toBeGreaterThan(10);
  const circles = [...imports].flatMap(([folder, targets]) =>
    [...targets]
      .filter((target) => reaches(imports, target, folder))
      .map((target) => `${folder} → ${target}`),
  );
  expect(circles).toEqual([]);
});

test('nothing in services imports a command', () => {
  const all = sources().flatMap((file) => importedBy(file).map((target) => ({ file, target })));
  expect(all.filter(({ target }) => !target.startsWith(SERVICES) && !target.endsWith('.json'))).toEqual([]);
});

/** Which folders each folder imports, types included. A file directly in services counts as a folder of its own. */
function importsBetweenFolders(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of sources()) {
    const from = folderOf(file);
    const targets = imports.getOrInsertComputed(from, () => new Set());
    for (const target of importedBy(file)) if (folderOf(target) !== from) targets.add(folderOf(target));
  }
  return imports;
}

function sources(): string[] {
  return globSync(`${SERVICES}/**/*.ts`);
}

function importedBy(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  );
}

function folderOf(file: string): string {
  return file.split('/').slice(2, 3).join();
}

function reaches(
  imports: Map<string, Set<string>>,
  from: string,
  to: string,
  seen = new Set<string>(),
): boolean {
  if (from === to) return true;
  seen.add(from);
  return [...(imports.get(from) ?? [])].some((next) => !seen.has(next) && reaches(imports, next, to, seen));
}
