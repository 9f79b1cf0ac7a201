// Preloaded by npm's scripts: an old Node.js would end in the stack trace of whatever it lacks first. CommonJS, since that is
// loaded before all modules.
const needed = Number.parseInt(require('../package.json').engines.node.replace('>=', ''), 10);

if (Number.parseInt(process.versions.node, 10) < needed) {
  console.error(
    `The bot needs Node.js ${needed} or newer, and this is ${process.versions.node} (${process.execPath}). npm ci brings one along; where it may run no scripts, "node deploy/link-node.js" puts it in its place.`,
  );
  process.exit(1);
}
