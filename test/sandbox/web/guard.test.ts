import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { startWebPage, type WebPage } from '../../../sandbox/web/index.ts';
import { NO_PROCESS } from './scripted-bot.ts';

let discord: Discord;
let jimmyAi: JimmyAi;
let page: WebPage;
beforeAll(async () => {
  [discord, jimmyAi] = await Promise.all([startDiscord(), startJimmyAi()]);
  page = await startWebPage({ discord, jimmyAi, bot: NO_PROCESS }, 0);
});
afterAll(async () => {
  await page[Symbol.asyncDispose]();
  await Promise.all([discord.close(), jimmyAi.close()]);
});

/** Asks as nobody but an attacker would: fetch would tidy the path and set its own headers. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<number | undefined> {
  const { hostname, port, host } = new URL(page.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers: { host, ...headers } }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end(method === 'POST' ? '{"kind":"expire-tokens"}' : undefined);
  });
}

describe('the page’s server', () => {
  test('gives the page, its modules and those of the packages', async () => {
    const html = await fetch(page.url);
    expect(await html.text()).toContain('"lit":"/modules/lit/index.js"');
    for (const path of ['/main.ts', '/modules/lit/index.js', '/styles/page.css', '/icon.svg']) {
      expect((await fetch(page.url + path)).status, path).toBe(200);
    }
    const script = await fetch(`${page.url}/main.ts`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).not.toContain('as PageEvent');
  });

  test.each([
    '/../index.ts',
    '/..%2findex.ts',
    '/tsconfig.json',
    '/modules/../../package.json',
    '/modules/lit/../../package.json',
    '/modules/lit/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/modules/lit/package.json',
    '/modules/discord.js/src/index.js',
    '/modules/lit//etc/passwd.js',
  ])('gives nothing else: %s', async (path) => {
    expect(await ask(path)).toBe(404);
  });

  test('lets nobody in under another name, so that no other site can take its place', async () => {
    for (const path of ['/', '/events', '/commands']) {
      expect(await ask(path, { host: 'evil.example' }), path).toBe(403);
    }
  });

  test('is driven by its own page only', async () => {
    const host = new URL(page.url).host;
    const own = { origin: page.url, 'content-type': 'application/json' };
    expect(await ask('/switches', own, 'POST')).toBe(200);
    expect(await ask('/switches', { ...own, origin: 'https://evil.example' }, 'POST')).toBe(403);
    expect(await ask('/switches', { ...own, origin: 'null' }, 'POST')).toBe(403);
    expect(await ask('/switches', { host }, 'POST')).toBe(403);
    expect(await ask('/events', { origin: 'https://evil.example' })).toBe(403);
  });

  test('lets the page load nothing from elsewhere, and run nothing that stands in it', async () => {
    const policy = (await fetch(page.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']+';/);
    expect(policy).not.toContain("script-src 'self' 'unsafe");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test('answers what it can’t read with a reason', async () => {
    const answer = await fetch(`${page.url}/switches`, {
      method: 'POST',
      headers: { origin: page.url },
      body: '{"kind":"burn"}',
    });
    expect(answer.status).toBe(400);
  });
});
