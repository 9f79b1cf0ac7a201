import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Players, type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/start.ts';
import { startWebPage, type WebPage } from '../../../sandbox/web/index.ts';
import { findChromium, launchChromium } from '../../support/chromium.ts';

/** Undefined where there is none: the tests of the page are skipped then. */
export const CHROMIUM = findChromium();

/** Where the pictures go that the tests take: to be looked at. */
const PICTURES = 'sandbox-output/tests';

/** A page of a sandbox in a real browser. */
export interface OpenPage {
  readonly page: Page;
  readonly url: string;
  picture(name: string): Promise<void>;
  /** Ends it, after checking that nothing went wrong inside. */
  close(): Promise<void>;
}

/** Opens it, and waits until it greets with these words. */
export async function openPage(
  starting: Promise<Players>,
  greeting = 'Begin with a command',
): Promise<OpenPage> {
  const [web, browser]: [WebPage, Browser] = await Promise.all([
    starting.then((players) => startWebPage(players, 0)),
    launchChromium(CHROMIUM),
  ]);
  const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(web.url);
  await page.getByText(greeting).waitFor();
  mkdirSync(PICTURES, { recursive: true });

  return {
    page,
    url: web.url,
    picture: async (name) => void (await page.screenshot({ path: `${PICTURES}/${name}.png` })),
    async close() {
      await browser.close();
      await web[Symbol.asyncDispose]();
      expect(problems).toEqual([]);
    },
  };
}

/** Starts a sandbox and opens its page meanwhile. */
export async function openSandbox(
  options: Pick<SandboxOptions, 'speed' | 'seed'>,
): Promise<{ readonly sandbox: Sandbox; readonly open: OpenPage }> {
  const starting = startSandbox({ ...options, api: 'jimmyai' });
  const open = await openPage(starting);
  return { sandbox: await starting, open };
}

/** Fills in `/imagine` with this prompt and Nano Banana, then types these keys, of which Enter sends it. */
export function typeImagine(page: Page, prompt: string, ...more: string[]): Promise<void> {
  return type(page, '/', 'imag', 'Enter', prompt, 'Tab', 'model', 'Tab', 'Nano Banana', 'Enter', ...more);
}

/** What a person types in one go, as keys. */
export async function type(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    const isNamed = /^(Enter|Tab|Escape|Arrow\w+|Backspace|Home|End|Shift\+\w+|ContextMenu)$/.test(key);
    await (isNamed ? page.keyboard.press(key) : page.keyboard.type(key));
  }
}
