import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../../sandbox/discord/index.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import { textFor } from '../../../src/commands/text/index.ts';
import { CHROMIUM, type OpenPage, openSandbox, type } from './open-page.ts';

const WIDTHS = [1280, 380];
const ROWS_MAX = 4;

describe.skipIf(!CHROMIUM)('what the bot says, on a desktop and on a phone', () => {
  let sandbox: Sandbox;
  let open: OpenPage;
  beforeAll(async () => {
    ({ sandbox, open } = await openSandbox({ speed: 2, seed: 5 }));
  });
  afterAll(async () => {
    await open.close();
    await sandbox.close();
  });

  const newest = () => open.page.getByRole('article').last();

  describe.each(['en-US', 'zh-CN'])('in %s', (locale) => {
    const text = textFor(locale);
    const command = (name: string, options = {}) =>
      sandbox.discord.interact.command({ name, options, locale });
    const press = (message: Message | undefined, label: string) => {
      if (!message) throw new Error('there is no message');
      const customId = idOf(message, label);
      return sandbox.discord.interact.click({ message, customId, locale });
    };

    test('/imagine-admin has at most four rows of buttons on a phone', async () => {
      await command('imagine-admin').answer();
      await newest().getByText(text.rules.title).waitFor();
      await takeAll(`admin-${locale}`);
      expect(await rowsOfButtons()).toBeLessThanOrEqual(ROWS_MAX);
    });

    test('/privacy is read in blocks', async () => {
      await command('privacy').answer();
      await newest().getByText(text.privacy.stored).waitFor();
      await takeAll(`privacy-${locale}`);
      expect(await rowsOfButtons()).toBeLessThanOrEqual(2);
    });

    test('a wait, the question before it is stopped, and the way to get it anyway', async () => {
      sandbox.jimmyAi.misbehave({ kind: 'slow', factor: 20 });
      const waiting = command('imagine', { prompt: 'a lighthouse above the clouds' });
      await newest().getByRole('button', { name: text.button.stopWaiting }).waitFor();
      await takeAll(`waiting-${locale}`);
      const asked = await press(waiting.message(), text.button.stopWaiting).answer();
      await newest().getByText(text.confirmStop).waitFor();
      await takeAll(`stop-${locale}`);
      press(asked, text.button.stopWaiting);
      await newest().getByRole('button', { name: text.button.getAnyway }).waitFor();
      await takeAll(`stopped-${locale}`);
    });

    test('a wait between two reports of the service, by the time that such images take', async () => {
      sandbox.jimmyAi.misbehave({ kind: 'odd-progress', progress: 'missing' });
      const waiting = command('imagine', { prompt: 'a heron in the reeds', model: 'nano-banana-pro' });
      // Which of the steps is seen depends on how busy the machine is.
      await newest()
        .getByText(new RegExp(text.about(20).replace('20', String.raw`\d+`)))
        .waitFor({ timeout: 60_000 });
      await takeAll(`bar-${locale}`);
      await expect.poll(() => waiting.message()?.attachments.length, { timeout: 60_000 }).toBe(1);
    });

    test('a set, whose images have buttons by their numbers, and one of them alone', async () => {
      const { page } = open;
      await page.setViewportSize({ width: 1280, height: 760 });
      await page.getByRole('combobox', { name: 'Language' }).selectOption(locale);
      const asked = command('imagine', { prompt: 'four owls at night', model: 'nano-banana', count: 4 });
      await newest()
        .getByRole('button', { name: text.button.make(4) })
        .waitFor();
      press(asked.message(), text.button.make(4));
      await newest().getByRole('button', { name: 'V4' }).waitFor({ timeout: 60_000 });
      await expect.poll(() => newest().locator('.gallery img').count()).toBe(4);
      await takeAll(`set-${locale}`);
      expect(await rowsOfButtons(/^[UV]\d$/)).toBe(2);
      await newest().getByRole('button', { name: 'U3' }).click();
      await newest().getByText(text.imageOf(3, 4)).waitFor();
      await newest().getByRole('img').last().waitFor();
      await takeAll(`alone-${locale}`);
      await newest().getByRole('button', { name: text.button.reference }).click();
      await page.getByRole('dialog').waitFor();
      await takeAll(`change-${locale}`);
      await page.keyboard.press('Escape');
    });

    test('a question, a refusal with the way on, and a list of what was asked for', async () => {
      command('imagine', { prompt: 'four herons', count: 4 });
      await newest().getByRole('button', { name: text.button.dismiss }).waitFor();
      await takeAll(`question-${locale}`);
      const notes = { name: 'notes.png', bytes: Buffer.from('hello'), contentType: 'text/plain' };
      await command('imagine', { prompt: 'a fox like this', reference: notes }).answer();
      await newest().getByRole('button', { name: text.button.leaveOut }).waitFor();
      await takeAll(`refusal-${locale}`);
      await command('jobs').answer();
      await newest().getByText(text.jobs).waitFor();
      await takeAll(`jobs-${locale}`);
    });

    test('a result of another person’s button', async () => {
      const made: Interaction = command('imagine', { prompt: 'a fox in the snow', model: 'nano-banana' });
      await newest()
        .getByRole('button', { name: `🔁 ${text.button.again}`, exact: true })
        .waitFor();
      const message = made.message();
      if (!message) throw new Error('there is no image');
      const { bob } = sandbox.discord.people;
      const pressed = sandbox.discord.interact.click({
        message,
        customId: idOf(message, text.button.again),
        user: bob,
        locale,
      });
      await expect.poll(() => pressed.message()?.attachments.length).toBe(1);
      await newest().locator('.gallery img').waitFor();
      await takeAll(`by-bob-${locale}`);
    });

    test('the form that changes a request', async () => {
      const { page } = open;
      await newest().getByRole('button', { name: text.button.edit }).click();
      const form = page.getByRole('dialog');
      await form.waitFor();
      await takeAll(`edit-${locale}`);
      await form.getByRole('combobox', { name: text.modal.options }).click();
      await takeAll(`edit-options-${locale}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    });

    test('the form that asks before a reply is deleted', async () => {
      const { page } = open;
      await page.setViewportSize({ width: 1280, height: 760 });
      await page.getByRole('combobox', { name: 'Language' }).selectOption(locale);
      await newest().getByRole('button', { name: text.button.delete }).click();
      await page.getByRole('dialog').waitFor();
      await takeAll(`delete-${locale}`);
      await page.keyboard.press('Escape');
    });

    test('the options of /imagine, by their names in this language', async () => {
      await type(open.page, '/', 'imag', 'Enter', 'a heron', 'Tab');
      await takeAll(`composer-${locale}`);
      await type(open.page, 'Escape', 'Escape');
    });
  });

  async function takeAll(name: string): Promise<void> {
    for (const width of WIDTHS) {
      await open.page.setViewportSize({ width, height: 760 });
      await newest().scrollIntoViewIfNeeded();
      await open.picture(`moment-${name}-${width}`);
    }
  }

  /** In how many rows the newest message's buttons stand. All are measured at the same moment, as the page may scroll. */
  async function rowsOfButtons(name = /./): Promise<number> {
    const tops = await newest()
      .getByRole('button', { name })
      .evaluateAll((buttons) =>
        buttons.flatMap((button) => {
          const { top, height } = button.getBoundingClientRect();
          return height > 25 ? [Math.round(top)] : [];
        }),
      );
    return new Set(tops).size;
  }
});

function idOf(message: Message, label: string): string {
  const found = JSON.stringify(message.components ?? []);
  for (const row of JSON.parse(found)) {
    for (const part of row.components ?? []) if (part.label === label) return part.custom_id;
  }
  throw new Error(`there is no button ${label} in ${found}`);
}
