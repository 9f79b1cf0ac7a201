// Run by `npm ci`, once everything is there: has npm's scripts find the Node.js that was installed from the lock file. npm 10
// loses the link that npm 11 makes by itself: it removes the commands of the other platforms' packages, which have the same
// name. JavaScript, because the machine's own Node.js, which may be an old one, runs it.
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;

const repository = fileURLToPath(new URL('..', import.meta.url));
const commands = join(repository, 'node_modules', '.bin');
const { optionalDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const isWindows = process.platform === 'win32';

const executable = Object.keys(optionalDependencies)
  .map((name) => join(repository, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node'))
  .find((path) => existsSync(path) && runs(path));
if (executable) link(executable);
else if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  console.error(
    `No Node.js comes along that runs on this machine (${process.platform} ${process.arch}), and its own is ${process.version}. The bot needs ${OLDEST} or newer: install it from https://nodejs.org, then run npm ci again.`,
  );
  process.exitCode = 1;
}

/** One for another C library is there, and doesn't run. */
function runs(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function link(path) {
  mkdirSync(commands, { recursive: true });
  const command = join(commands, isWindows ? 'node.exe' : 'node');
  rmSync(command, { force: true });
  // Symbolic links are a privilege on Windows.
  if (isWindows) linkSync(path, command);
  else symlinkSync(relative(commands, path), command);
}
