import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages that the page imports, and those that they import. */
const PACKAGES = [
  '@skyra/discord-components-core',
  'lit',
  'lit-html',
  'lit-element',
  '@lit/reactive-element',
  '@lit/context',
];
const NODE_MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

type Target = string | { [condition: string]: Target };

/** An import map in place of a bundler: every entry point of the packages, from their package.json. */
export function createImportMap(): { imports: Record<string, string> } {
  return { imports: Object.fromEntries(PACKAGES.flatMap(entriesOf)) };
}

/** The file of a module by the rest of its path, such as `lit/index.js`; undefined for anything else. */
export function moduleFile(path: string): string | undefined {
  const isModule = /^(?:[\w@-][\w@.-]*\/)+[\w-][\w.-]*\.js$/.test(path);
  const isOffered = PACKAGES.some((name) => path.startsWith(`${name}/`));
  return isModule && isOffered ? join(NODE_MODULES, path) : undefined;
}

function entriesOf(name: string): [string, string][] {
  const { exports } = JSON.parse(readFileSync(join(NODE_MODULES, name, 'package.json'), 'utf8')) as {
    exports: Record<string, Target>;
  };
  return Object.entries(exports)
    .map(([entry, target]) => [entry, forBrowsers(target)] as const)
    .filter(([entry, target]) => !entry.includes('*') && target.endsWith('.js'))
    .map(([entry, target]) => [posix.join(name, entry), posix.join('/modules', name, target)]);
}

function forBrowsers(target: Target): string {
  if (typeof target === 'string') return target;
  const chosen = target.browser ?? target.default ?? target.import;
  return chosen === undefined ? '' : forBrowsers(chosen);
}
