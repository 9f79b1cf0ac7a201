import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../sandbox/start.ts';
import { CHROMIUM, type OpenPage, openSandbox, type, typeImagine } from './open-page.ts';

const MINUTE_MS = 60_000;

/** What docs/members.md says that each wish takes. */
const PROMISED = new Map(
  readFileSync('docs/members.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, wish, , clicks] = /^\| ([^|]+) \| ([^|]+) \| (\d) \|$/.exec(line) ?? [];
      return wish && clicks ? [[wish, Number(clicks)] as const] : [];
    }),
);

describe.skipIf(!CHROMIUM)(
  'with as few clicks as promised, a person gets',
  { timeout: 5 * MINUTE_MS },
  () => {
    let sandbox: Sandbox;
    let open: OpenPage;
    let clicks = 0;
    beforeAll(async () => {
      ({ sandbox, open } = await openSandbox({ speed: 8, seed: 1 }));
    });
    beforeEach(() => {
      clicks = 0;
    });
    afterAll(async () => {
      await open.close();
      await sandbox.close();
    });

    const newest = () => open.page.getByRole('article').last();
    const button = (name: string | RegExp, within: Locator = newest()) =>
      within.getByRole('button', { name, exact: true });
    const images = () => newest().locator('.gallery img');

    async function click(what: Locator): Promise<void> {
      clicks += 1;
      await what.click();
    }

    /** Waits for a reply with this many images, which is none of those that there were. */
    async function made(count = 1): Promise<void> {
      await expect.poll(() => images().count(), { timeout: MINUTE_MS }).toBe(count);
      await button('🗑️ Delete').waitFor({ timeout: MINUTE_MS });
    }

    async function imagine(prompt: string, ...more: string[]): Promise<void> {
      await typeImagine(open.page, prompt, ...more, 'Enter');
    }

    async function expectClicks(wish: string): Promise<void> {
      expect([wish, clicks]).toEqual([wish, PROMISED.get(wish)]);
      clicks = 0;
    }

    const lastTask = () => sandbox.jimmyAi.tasks.at(-1);

    test('another image like the one that there is', async () => {
      await imagine('a fox in the snow');
      await made();
      const before = sandbox.jimmyAi.tasks.length;
      await click(button(/Vary \(strong\)/));
      await expect.poll(() => sandbox.jimmyAi.tasks.length).toBe(before + 1);
      await made();
      await expectClicks('another image like this one');
      expect(lastTask()?.references).toHaveLength(1);
      expect(lastTask()?.request.prompt).toContain('a fox in the snow');
    });

    test('one of four large, and another one like it', async () => {
      await imagine('four owls', 'count', 'Tab', '4', 'Enter');
      await button('Make 4 images').click();
      await made(4);
      const id = await newest().getAttribute('data-message');
      await click(button('U2'));
      await newest().getByText('Image 2 of 4').waitFor();
      await newest().getByRole('img').last().waitFor();
      await expectClicks('one of four large');
      const set = open.page.locator(`[data-message="${id}"]`);
      await click(button('V3', set));
      await newest().getByText('four owls').waitFor();
      await made();
      await expectClicks('another image like one of four');
      expect(lastTask()?.references).toHaveLength(1);
    });

    test('the same with one word changed', async () => {
      await imagine('a heron at dawn');
      await made();
      await click(button('✏️ Edit prompt'));
      const form = open.page.getByRole('dialog');
      await form.getByRole('textbox').fill('a heron at dusk');
      await click(button('Submit', form));
      await newest().getByText('a heron at dusk').waitFor();
      await made();
      await expectClicks('the same with one word changed');
      expect(lastTask()?.request.prompt).toBe('a heron at dusk');
    });

    test('an image of an earlier day, to go on from', async () => {
      await type(open.page, '/', 'history');
      // Sending a command is one, whether by a key or by a click.
      clicks += 1;
      await type(open.page, 'Enter', 'Enter');
      await newest().getByText('a fox in the snow').first().waitFor();
      // The oldest: what was made of it since stands before it.
      await click(newest().getByRole('button', { name: /^\d$/ }).last());
      await newest().getByText('jump to it').waitFor();
      await button(/Vary \(strong\)/).waitFor();
      await expectClicks('an image of yesterday, with its buttons');
    });
  },
);
