import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium of this machine; undefined, with a warning, when none is found. */
export function findChromium(): string | undefined {
  const path = [process.env.CHROMIUM_PATH, ...USUAL_PLACES].find((each) => each && existsSync(each));
  if (!path)
    console.warn('The tests of the page are skipped: no Chromium is found. CHROMIUM_PATH can name one.');
  return path;
}

export function launchChromium(executablePath: string | undefined): Promise<Browser> {
  if (!executablePath) throw new Error('no Chromium is found; CHROMIUM_PATH can name one');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
