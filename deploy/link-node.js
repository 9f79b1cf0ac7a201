// Run by `npm ci`, once everything is there: has npm's scripts find the Node.js that was installed from the lock file. npm 10
// loses the link that npm 11 makes by itself: it removes the commands of the other platforms' packages, which have the same
// name. JavaScript, because the machine's own Node.js, which may be an old one, runs it.
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
/** On an older one npm leaves out what needs a newer one, sharp's binaries among it, and says so in a warning alone. */
const OLDEST_FOR_NPM = 20;

const repository = fileURLToPath(new URL('..', import.meta.url));
const commands = join(repository, 'node_modules', '.bin');
const { optionalDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const isWindows = process.platform === 'win32';

const executable = Object.keys(optionalDependencies)
  .map((name) => join(repository, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node'))
  .find((path) => existsSync(path) && runs(path));
const own = Number.parseInt(process.versions.node, 10);
if (own < OLDEST_FOR_NPM) {
  fail(
    `npm ran on Node.js ${process.versions.node}, which leaves out parts that the bot needs: install Node.js ${OLDEST} from https://nodejs.org, then run npm ci again.`,
  );
} else if (executable) link(executable);
// npm's scripts would find it anyway; the systemd unit looks for it here.
else if (own >= OLDEST) link(process.execPath);
else {
  fail(
    `No Node.js comes along that runs on this machine (${process.platform} ${process.arch}), and its own is ${process.version}. The bot needs ${OLDEST} or newer: install it from https://nodejs.org, then run npm ci again.`,
  );
}

function fail(problem) {
  console.error(problem);
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
  if (!isWindows) symlinkSync(path.startsWith(repository) ? relative(commands, path) : path, command);
  // Symbolic links are a privilege there, and others stay on one drive.
  else if (path.startsWith(repository)) linkSync(path, command);
}
