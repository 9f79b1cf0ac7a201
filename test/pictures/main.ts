import { mkdirSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { startSandbox } from '../../sandbox/start.ts';
import { startWebPage } from '../../sandbox/web/index.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';

/** Takes README's pictures from the page: `npm run pictures`. */
const FOLDER = 'docs/pictures';
const DESKTOP = { width: 1080, height: 780 };
const PHONE = { width: 380, height: 800 };
/** Four images and all that stands under them. */
const TALL = { width: 760, height: 940 };

mkdirSync(FOLDER, { recursive: true });
await using sandbox = await startSandbox({ speed: 4, seed: 3, api: 'jimmyai' });
await using web = await startWebPage(sandbox, 0);
await using browser = await launchChromium(findChromium());
const page = await browser.newPage({ viewport: DESKTOP, deviceScaleFactor: 1.5 });
await page.goto(web.url);

await page.getByRole('button', { name: /^\/imagine / }).click();
await type(page, 'a lighthouse above the clouds', 'Tab', 'ratio', 'Tab', '16:9', 'Enter', 'Enter');
await image(newest()).waitFor({ timeout: 60_000 });
await type(
  page,
  '/',
  'imagine',
  'Enter',
  'the same at night, in the rain',
  'Tab',
  'model',
  'Tab',
  'pro',
  'Tab',
  'Escape',
);
await take('composer');

await type(page, 'Enter');
await newest()
  .getByText(/[3-6]\d%/)
  .waitFor({ timeout: 60_000 });
await page.getByRole('button', { name: 'Behind the scenes' }).click();
await page.getByText('POST /api/open-api/v1/images').last().click();
await page.getByText('POST /api/open-api/v1/images').last().scrollIntoViewIfNeeded();
await take('behind-the-scenes');

await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
await image(newest()).waitFor({ timeout: 60_000 });
await page.setViewportSize(PHONE);
await newest().scrollIntoViewIfNeeded();
await take('phone');

await page.setViewportSize(TALL);
await type(page, '/', 'imagine', 'Enter', 'a heron at dawn', 'Tab', 'count', 'Tab', '4', 'Enter', 'Enter');
await newest().getByRole('button', { name: 'Make 4 images' }).click();
await newest().getByRole('button', { name: 'V4' }).waitFor({ timeout: 60_000 });
await newest().scrollIntoViewIfNeeded();
await take('set');

await page.setViewportSize(PHONE);
await newest().getByRole('button', { name: 'U2' }).click();
await newest().getByText('Image 2 of 4').waitFor();
await newest().getByRole('button', { name: '2K' }).waitFor();
await newest().scrollIntoViewIfNeeded();
await take('one-of-four');

function newest(): Locator {
  return page.getByRole('article').last();
}

function image(message: Locator): Locator {
  return message.getByRole('button', { name: /Enlarge/ });
}

/** Keys by their names, anything else as text. */
async function type(on: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await (['Enter', 'Tab', 'Escape'].includes(key) ? on.keyboard.press(key) : on.keyboard.type(key));
  }
}

async function take(name: string): Promise<void> {
  // A moment for what slides and fades.
  await page.waitForTimeout(500);
  const { size } = await sharp(await page.screenshot())
    .webp({ quality: 82 })
    .toFile(`${FOLDER}/${name}.webp`);
  console.log(`${FOLDER}/${name}.webp: ${(size / 1024).toFixed(0)} KB`);
}
