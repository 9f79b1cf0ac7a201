import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type LockFile, lockFileProblems } from '../support/lock-file.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const integrity = 'sha512-AAAA';

test('every package comes from the public registry, with a proof of what it is, and runs no script unasked', () => {
  expect(lockFileProblems(read('package-lock.json'), read('package.json'))).toEqual([]);
});

test.each<[string, LockFile['packages'][string], string]>([
  [
    'from another host',
    { integrity, resolved: 'https://npm.evil.test/a.tgz' },
    'comes from https://npm.evil.test',
  ],
  [
    'from a host that begins like the registry',
    { integrity, resolved: 'https://registry.npmjs.org.evil.test/a.tgz' },
    'comes from',
  ],
  ['over plain HTTP', { integrity, resolved: 'http://registry.npmjs.org/a.tgz' }, 'comes from http:'],
  ['from git', { integrity, resolved: 'git+ssh://git@github.com/a/a.git#1' }, 'comes from git'],
  ['without a proof', { resolved: 'https://registry.npmjs.org/a.tgz' }, 'has no integrity'],
  ['with a proof that is none any more', { integrity: 'sha1-AAAA' }, 'has no integrity'],
  ['with a script', { integrity, hasInstallScript: true }, 'runs a script'],
])('a package %s is found', (_, locked, words) => {
  const packages = { '': {}, 'node_modules/b/node_modules/a': locked };
  expect(lockFileProblems({ packages }, {})).toEqual([expect.stringContaining(words)]);
});

test('a permission that no package needs any more is found', () => {
  const packages = { '': {}, 'node_modules/@a/b': { integrity, hasInstallScript: true } };
  expect(lockFileProblems({ packages }, { allowScripts: { '@a/b': true } })).toEqual([]);
  expect(lockFileProblems({ packages: {} }, { allowScripts: { '@a/b': true } })).toEqual([
    expect.stringContaining('does not have'),
  ]);
});
