import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { createImportMap, moduleFile } from './modules.ts';

const PUBLIC = fileURLToPath(new URL('./public/', import.meta.url));
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the page's own files and the modules that they import, and nothing else. */
export function createFiles() {
  const map = JSON.stringify(createImportMap());
  const page = readFileSync(join(PUBLIC, 'index.html'), 'utf8').replace('{}', map);
  const found = readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' }).filter(isServed);
  const own = new Set(found.map((path) => path.replaceAll(sep, '/')));

  const routes = new Hono()
    .get('/', ({ html }) => html(page))
    .get('/modules/*', async ({ req, body, notFound }) => {
      const path = moduleFile(req.path.slice('/modules/'.length));
      return path ? body(await readFile(path, 'utf8'), 200, typeOf(path)) : notFound();
    })
    .get('/*', async ({ req, body, notFound }) => {
      const path = req.path.slice(1);
      if (!own.has(path)) return notFound();
      const text = await readFile(join(PUBLIC, path), 'utf8');
      return body(path.endsWith('.ts') ? stripTypeScriptTypes(text) : text, 200, typeOf(path));
    });
  return { routes, inlineScript: `sha256-${createHash('sha256').update(map).digest('base64')}` };
}

function isServed(path: string): boolean {
  return extname(path) in TYPES;
}

function typeOf(path: string): { 'content-type': string } {
  return { 'content-type': TYPES[extname(path)] ?? 'text/plain' };
}
