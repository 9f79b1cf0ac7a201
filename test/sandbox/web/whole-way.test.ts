import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../sandbox/start.ts';
import { CHROMIUM, type OpenPage, openSandbox, type, typeImagine } from './open-page.ts';

describe.skipIf(!CHROMIUM)('a person’s way through the page, with the real bot', () => {
  let sandbox: Sandbox;
  let open: OpenPage;
  beforeAll(async () => {
    ({ sandbox, open } = await openSandbox({ speed: 4, seed: 1 }));
  });
  afterAll(async () => {
    await open.close();
    await sandbox.close();
  });

  const newest = () => open.page.getByRole('article').last();
  const imagine = (prompt: string, ...more: string[]) => typeImagine(open.page, prompt, ...more, 'Enter');

  test('a command, its choices and a reference become an image of its true size, progress seen on the way', async () => {
    const { page } = open;
    await page.getByRole('button', { name: /^\/imagine / }).click();
    await type(page, 'a fox in the snow', 'Tab', 'ratio', 'Tab', '16:9', 'Tab');
    const reference = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#c63' } })
      .png()
      .toBuffer();
    const choosing = page.waitForEvent('filechooser');
    await type(page, 'reference', 'Enter');
    await (await choosing).setFiles({ name: 'sketch.png', mimeType: 'image/png', buffer: reference });
    await page.getByText('sketch.png').waitFor();
    await open.picture('way-1-composer');
    await type(page, 'Enter');

    const seen = new Set<string>();
    await expect
      .poll(async () => {
        const text = (await newest().textContent()) ?? '';
        for (const [percent] of text.matchAll(/\d+%/g)) seen.add(percent);
        if (seen.size === 2) await open.picture('way-2-progress');
        return newest().locator('.gallery img').count();
      })
      .toBe(1);
    expect(seen.size, `progress was seen at ${[...seen].join(', ')}`).toBeGreaterThan(1);
    await expect.poll(() => pixels('.gallery img')).toEqual([1365, 768]);
    expect(await newest().locator('discord-command').getAttribute('command')).toBe('imagine');
    expect(sandbox.jimmyAi.tasks[0]?.references).toMatchObject([{ width: 640, height: 360 }]);
    await open.picture('way-3-image');
  });

  test('an image is enlarged by a click, and closed by Escape', async () => {
    const { page } = open;
    await newest()
      .getByRole('button', { name: /Enlarge/ })
      .click();
    const large = page.getByRole('dialog');
    await large.getByText('1365 × 768').waitFor();
    expect(await pixels('dialog img')).toEqual([1365, 768]);
    expect(await large.getByRole('img').getAttribute('alt')).toContain('a fox in the snow');
    await open.picture('way-4-enlarged');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  test('Edit prompt opens a form with what was asked, and makes what it is changed to', async () => {
    const { page } = open;
    await newest().getByRole('button', { name: 'Edit prompt' }).click();
    const form = page.getByRole('dialog');
    const prompt = form.getByRole('textbox');
    expect(await prompt.inputValue()).toBe('a fox in the snow');
    await prompt.fill('a fox in the sun');
    await form.getByRole('combobox', { name: 'Model' }).click();
    await form.getByRole('option', { name: 'Nano Banana', exact: true }).click();
    await open.picture('way-5-edit');
    await form.getByRole('button', { name: 'Submit' }).click();
    await newest().getByText('a fox in the sun').first().waitFor();
    await newest().locator('.gallery img').waitFor();
    expect(sandbox.jimmyAi.tasks.at(-1)?.request).toMatchObject({
      prompt: 'a fox in the sun',
      model: 'nano-banana',
      ratio: '16:9',
    });
  });

  test('Again works on what was made before the bot was started anew', async () => {
    const { page } = open;
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByRole('tab', { name: 'Misbehave' }).click();
    await page.getByRole('button', { name: 'Restart it' }).click();
    await page
      .getByText(/Imagine is (offline|connecting)/)
      .first()
      .waitFor();
    await page.getByText('Imagine is online').first().waitFor();
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    const before = sandbox.jimmyAi.tasks.length;
    await newest().getByRole('button', { name: '🔁 Again', exact: true }).click();
    await expect.poll(() => sandbox.jimmyAi.tasks.length).toBe(before + 1);
    await newest().locator('.gallery img').waitFor();
    expect(sandbox.jimmyAi.tasks.at(-1)?.request.prompt).toBe('a fox in the sun');
  });

  test('the menu of a message tells of its image', async () => {
    const { page } = open;
    await newest().click({ button: 'right', position: { x: 200, y: 20 } });
    await page.getByRole('menuitem', { name: 'Image details' }).click();
    await newest().getByText('Only you can see this').waitFor();
    expect(await newest().textContent()).toContain('a fox in the sun');
    await open.picture('way-6-details');
    await newest().getByRole('link', { name: 'this message' }).click();
    await expect.poll(() => page.locator('discord-message:focus').textContent()).toContain('a fox in the s');
  });

  test('a picture that is pasted or dropped becomes the next reference', async () => {
    const { page } = open;
    await type(page, '/', 'imag', 'Enter', 'two of them');
    for (const event of ['paste', 'drop']) {
      await page.evaluate(`{
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(8)], '${event}.png', { type: 'image/png' }));
        const init = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
        document.activeElement.dispatchEvent(
          '${event}' === 'paste' ? new ClipboardEvent('paste', init) : new DragEvent('drop', init));
      }`);
      await page.getByText(`${event}.png`).waitFor();
    }
    expect(await page.locator('.chip-name').allTextContents()).toEqual([
      'prompt',
      'reference',
      'reference_2',
    ]);
    await type(page, 'Escape', 'Escape');
  });

  test('Stop waiting and Get it anyway work, the latter after the bot was killed and started again', async () => {
    const { page } = open;
    sandbox.jimmyAi.misbehave({ kind: 'slow', factor: 4 });
    await imagine('a lighthouse');
    await newest().getByRole('button', { name: 'Stop waiting' }).click();
    await page.getByText('even if you stop waiting').waitFor();
    await newest().getByRole('button', { name: 'Stop waiting' }).click();
    await page.getByText('even if you stop waiting').waitFor({ state: 'detached' });
    await newest().getByRole('button', { name: 'Get it anyway' }).waitFor();
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByRole('tab', { name: 'Misbehave' }).click();
    await page.getByRole('button', { name: 'Kill it' }).click();
    await page.getByText('Imagine is offline').first().waitFor();
    await page.getByRole('button', { name: 'Start it' }).click();
    await page.getByText('Imagine is online').first().waitFor();
    await newest().getByRole('button', { name: 'Get it anyway' }).click();
    await newest().locator('.gallery img').waitFor();
  });

  test('the panel shows what was sent, without secrets, and the tasks as they are', async () => {
    const { page } = open;
    await page.getByRole('tab', { name: 'Tasks' }).click();
    await page.getByRole('tabpanel').getByText('completed · 100 %').first().waitFor();
    await open.picture('way-7-tasks');
    await page.getByRole('tab', { name: 'Requests' }).click();
    const requests = page.getByRole('tabpanel');
    await requests.getByText('POST /api/open-api/v1/images').first().click();
    await requests.getByText('"prompt": "a lighthouse"').waitFor();
    await open.picture('way-8-requests');
    const text = (await requests.textContent()) ?? '';
    const { discord, jimmyAi } = sandbox;
    const tokens = discord.requests.flatMap(({ interactionToken }) => interactionToken ?? []);
    for (const secret of [discord.token, jimmyAi.apiKey, ...tokens]) expect(text).not.toContain(secret);
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
  });

  test('what fails at the service is told in the channel', async () => {
    const { page } = open;
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByRole('tab', { name: 'Misbehave' }).click();
    await page.getByRole('button', { name: 'out-of-credit' }).click();
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await imagine('something dear');
    await newest()
      .getByText(/out of credit/)
      .waitFor();
    await open.picture('way-9-failed');
  });

  test('an ephemeral reply and its buttons are only for whoever asked', async () => {
    const { page } = open;
    await type(page, '/', 'privacy', 'Enter', 'Enter');
    await newest().getByText('Stored about you').waitFor();
    expect(await newest().textContent()).toContain('Only you can see this');
    await newest().getByRole('button', { name: 'Export' }).click();
    await page.locator('discord-file-attachment').waitFor();
    await open.picture('way-10-private');
  });

  test('at 380 pixels everything is within reach', async () => {
    const { page } = open;
    await page.setViewportSize({ width: 380, height: 720 });
    await open.picture('narrow-1-channel');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(380);
    await page.getByRole('button', { name: 'Channels' }).click();
    await open.picture('narrow-2-sidebar');
    await page.getByRole('navigation').getByRole('button', { name: 'Imagine' }).click();
    await page.getByText('Welcome to @Imagine').waitFor();
    await page.getByRole('button', { name: /^\/imagine / }).click();
    await type(page, 'a heron', 'Tab');
    await open.picture('narrow-3-composer');
    await type(page, 'Escape', 'Escape');
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await open.picture('narrow-4-panel');
  });

  /** The true size of the last image that fits. */
  function pixels(selector: string): Promise<number[]> {
    const image = `[...document.querySelectorAll('${selector}')].at(-1)`;
    return open.page.evaluate(`[${image}.naturalWidth, ${image}.naturalHeight]`);
  }
});
