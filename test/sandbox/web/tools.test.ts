import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../sandbox/start.ts';
import { CHROMIUM, type OpenPage, openSandbox, type } from './open-page.ts';

describe.skipIf(!CHROMIUM)('the tools, as a person sees them', () => {
  let sandbox: Sandbox;
  let open: OpenPage;
  beforeAll(async () => {
    ({ sandbox, open } = await openSandbox({ speed: 20, seed: 1 }));
  });
  afterAll(async () => {
    await open.close();
    await sandbox.close();
  });

  const newest = () => open.page.getByRole('article').last();
  const first = () => open.page.getByRole('article').filter({ hasText: 'GPT Image 2' }).first();
  const press = (label: string | RegExp) => newest().getByRole('button', { name: label }).click();

  async function menu(name: string): Promise<void> {
    await first().click({ button: 'right', position: { x: 200, y: 20 } });
    await open.page.getByRole('menuitem', { name }).click();
  }

  async function enhance(prompt: string): Promise<void> {
    const option = ['Tab', 'enhance', 'Tab', 'True', 'Enter', 'Enter'];
    await type(open.page, '/', 'imag', 'Enter', prompt, ...option);
  }

  test('Upscale asks how much larger, and makes the picture so', async () => {
    await open.page.getByRole('button', { name: /^\/imagine / }).click();
    await type(open.page, 'a fox in the snow', 'Enter');
    await newest().locator('.gallery img').waitFor();
    await press('Upscale');
    await newest().getByText('How much larger should it be?').waitFor();
    await open.picture('tools-1-upscale-question');
    await press(/^×2/);
    await newest().getByText('Upscaled ×2').waitFor();
    await newest().locator('.gallery img').waitFor();
    await open.picture('tools-2-upscaled');
  });

  test('Remove background does so from the menu of a message', async () => {
    await menu('Remove background');
    await newest().getByText('as a transparent PNG').waitFor();
    await open.picture('tools-3-remove-background-question');
    await press('Remove background');
    await newest().getByText('Background removed').waitFor();
    await newest().locator('.gallery img').waitFor();
    await open.picture('tools-4-background-removed');
  });

  test('Describe says what an image shows, and Imagine this opens it as a form', async () => {
    await menu('Describe');
    await newest().getByText('What the image shows').waitFor();
    await newest().scrollIntoViewIfNeeded();
    await open.picture('tools-5-described');
    await press('Imagine this');
    const form = open.page.getByRole('dialog');
    expect(await form.getByRole('textbox').inputValue()).toMatch(/^A landscape of/);
    await open.picture('tools-6-imagine-this');
    await open.page.keyboard.press('Escape');
  });

  test('Enhance shows both prompts, and makes the one that is picked', async () => {
    await enhance('a lighthouse');
    await newest().getByText('Enhanced prompt').waitFor();
    await open.picture('tools-7-enhanced');
    await press('Make it');
    await newest().locator('.gallery img').waitFor();
    expect(sandbox.jimmyAi.tasks.at(-1)?.request.prompt).toMatch(/^a lighthouse, golden hour/);
  });

  test('while a tool works the reply says at what, and after a lost answer what that means', async () => {
    const { jimmyAi } = sandbox;
    jimmyAi.misbehave({ kind: 'slow', factor: 10 }, { tool: true });
    await menu('Describe');
    await newest().getByText('The image is being described').waitFor();
    await newest().scrollIntoViewIfNeeded();
    await open.picture('tools-8-being-described');
    await newest().getByText('What the image shows').waitFor();
    jimmyAi.misbehave({ kind: 'dropped', at: 'tool', made: true });
    await menu('Describe');
    await newest().getByText('may or may not have been charged').waitFor();
    await newest().scrollIntoViewIfNeeded();
    await open.picture('tools-9-description-lost');
    jimmyAi.misbehave({ kind: 'dropped', at: 'tool', made: true });
    await enhance('a lost lighthouse');
    await newest().getByText('may or may not have been charged').waitFor();
    await open.picture('tools-10-enhancement-lost');
  });

  test('/jobs lists what was written beside the images', async () => {
    await type(open.page, '/', 'jobs', 'Enter', 'Enter');
    await newest().getByText('Enhance').first().waitFor();
    await open.picture('tools-11-jobs');
  });
});
