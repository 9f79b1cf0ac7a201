import { resolve } from 'node:path';
import type { Client } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { CHROMIUM, type OpenPage, openPage, type } from './open-page.ts';
import { NO_PROCESS, startScriptedBot } from './scripted-bot.ts';

describe.skipIf(!CHROMIUM)('the page, with a bot that has a bit of everything', () => {
  let discord: Discord;
  let jimmyAi: JimmyAi;
  let bot: Client;
  let open: OpenPage;
  beforeAll(async () => {
    [discord, jimmyAi] = await Promise.all([startDiscord({ rateLimits: false }), startJimmyAi()]);
    const players = { discord, jimmyAi, bot: NO_PROCESS };
    const logsIn = startScriptedBot(discord);
    open = await openPage(logsIn.then(() => players));
    bot = await logsIn;
  });
  afterAll(async () => {
    await open.close();
    await bot.destroy();
    await Promise.all([discord.close(), jimmyAi.close()]);
  });

  const newest = () => open.page.getByRole('article').last();
  /** The lines of the list above the text field. */
  const lines = async () => {
    const texts = await open.page.getByRole('listbox').getByRole('option').allTextContents();
    return texts.map((text) => text.trim());
  };
  const pick = (name: string) => open.page.getByRole('listbox').getByRole('option', { name }).click();
  const command = (...keys: string[]) => type(open.page, '/', ...keys);

  test('a command is filled in by the keyboard alone: choices, numbers, people, what is suggested', async () => {
    const { page } = open;
    await command('paint', 'Enter');
    expect(await lines()).toEqual(['Small', 'Large']);
    await type(page, 'ArrowDown', 'Enter');
    await type(
      page,
      'cop',
      'Tab',
      '3',
      'Tab',
      'frame',
      'Tab',
      'Tab',
      'for',
      'Tab',
      'Bob',
      'Tab',
      'col',
      'Tab',
      'red',
    );
    await page.getByRole('option', { name: 'Dark red' }).waitFor();
    await open.picture('composer');
    await type(page, 'Tab', 'Enter');
    const { bob } = discord.people;
    await expect
      .poll(() => newest().textContent())
      .toContain(`size=l copies=3 frame=true for=${bob.id} colour=dark-red in en-US`);
    expect(await newest().locator('discord-command').getAttribute('command')).toBe('paint');
    expect(await newest().locator('discord-bold').count()).toBe(1);
    expect(await newest().locator('discord-spoiler').textContent()).toBe('hidden');
  });

  test('what Discord would refuse is refused in the text field, and stays there', async () => {
    const { page } = open;
    await command('paint', 'Enter', 'Enormous', 'Enter');
    const problem = page.getByRole('alert');
    expect(await problem.textContent()).toContain('Choose one of the options');
    await page.getByRole('combobox', { name: 'size' }).fill('');
    await type(page, 'Escape', 'Enter');
    expect(await problem.textContent()).toContain('This option is required');
    await type(page, 'Large', 'Tab', 'copies', 'Tab', '9', 'Enter');
    await expect.poll(() => problem.textContent()).toContain('a number from');
    expect(await page.getByRole('combobox', { name: 'copies' }).inputValue()).toBe('9');
    await type(page, 'Escape', 'Escape');
    expect(await page.getByRole('button', { name: 'Send command' }).count()).toBe(0);
  });

  test('commands and choices are called as in the person’s language', async () => {
    const { page } = open;
    await page.getByLabel('Language').selectOption('zh-CN');
    await page.keyboard.press('/');
    await page.getByRole('option', { name: '/画 画一幅画' }).click();
    expect(await lines()).toEqual(['小', '大']);
    await open.picture('chinese');
    await type(page, 'Tab', 'Enter');
    await expect.poll(() => newest().textContent()).toContain('size=s in zh-CN');
    await page.getByLabel('Language').selectOption('en-US');
  });

  test('each subcommand is a command', async () => {
    await command('shelf cl', 'Enter', 'Enter');
    await expect.poll(() => newest().textContent()).toContain('subcommand clear');
  });

  test('select menus take one, several, people, and channels and roles of the server', async () => {
    const { page } = open;
    await command('menus', 'Enter', 'Enter');
    await page.getByRole('combobox', { name: 'One colour' }).click();
    await open.picture('select-menu');
    await pick('Green');
    await page.getByText('Chosen: green').waitFor();
    await page.getByRole('combobox', { name: 'Some colours' }).focus();
    await type(page, 'ArrowDown', 'Enter', 'ArrowDown', 'ArrowDown', 'Enter', 'Escape');
    await page.getByText('Chosen: red,blue').waitFor();
    await page.getByRole('combobox', { name: 'Who' }).click();
    await pick('Bob');
    await page.getByText(`Chosen: ${discord.people.bob.id}`).waitFor();
    await page.getByRole('combobox', { name: 'Where' }).click();
    expect(await page.getByRole('option', { name: 'lounge' }).count()).toBe(0);
    await pick('art');
    await page.getByText(`Chosen: ${discord.otherChannel.id}`).waitFor();
    await page.getByRole('combobox', { name: 'Which role' }).click();
    expect(await page.getByRole('option', { name: 'everyone' }).count()).toBe(0);
    await pick('Reporter');
    const reporter = discord.guild.roles.find(({ name }) => name === 'Reporter');
    await page.getByText(`Chosen: ${reporter?.id}`).waitFor();
  });

  test('a form keeps the focus, asks for what it requires, and is sent with its files', async () => {
    const { page } = open;
    await command('form', 'Enter', 'Enter');
    await page.getByRole('button', { name: 'Open the form' }).click();
    const form = page.getByRole('dialog', { name: 'A form' });
    expect(await form.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('a fox');
    await form.getByRole('button', { name: 'Submit' }).click();
    expect(await form.getByRole('alert').textContent()).toBe('Colour is required.');
    await form.getByRole('textbox', { name: 'Prompt' }).fill('a red fox');
    await form.getByRole('combobox', { name: 'Colour' }).click();
    await pick('Red');
    await form.getByRole('radio', { name: 'Tall' }).check();
    await form.getByRole('checkbox', { name: 'Signature' }).check();
    await form.getByLabel('Sketch').setInputFiles(resolve('sandbox/web/public/icon.svg'));
    await open.picture('form');
    await form.getByRole('button', { name: 'Submit' }).click();
    await expect
      .poll(() => newest().textContent())
      .toMatch(/prompt: a red fox.*colour: 1.*shape: tall.*extras: 1/s);
  });

  test('a link button leads out, a disabled one nowhere, and one that nobody answers says so', async () => {
    const { page } = open;
    const link = page.getByRole('link', { name: 'A link' });
    expect(await link.getAttribute('href')).toBe('https://example.com/');
    await page.getByRole('button', { name: 'Disabled' }).click();
    await page.getByRole('button', { name: 'Nobody home' }).click();
    await command('silent', 'Enter', 'Enter');
    await page.getByText('Sending command…').waitFor();
    await page.getByText('This interaction failed').waitFor();
    await page.getByText('The application did not respond').waitFor();
    await open.picture('no-answer');
    await newest().getByRole('button', { name: 'Dismiss message' }).click();
    await expect.poll(() => page.getByText('The application did not respond').count()).toBe(0);
  });

  test('a message’s menu opens by right click, by its button, and by the keyboard', async () => {
    const { page } = open;
    const { alice, bob } = discord.people;
    await discord.say({ user: bob, channel: discord.channel, content: `Look at <@${alice.id}> *there*` });
    expect(await newest().locator('discord-mention').textContent()).toBe('Alice');
    await page.getByText('Look at').click({ button: 'right' });
    await open.picture('message-menu');
    await page.getByRole('menuitem', { name: 'Look closer' }).click();
    await page.getByText('Looked at bob').waitFor();
    expect(await newest().textContent()).toContain('Only you can see this');
    await page.getByRole('feed').focus();
    await type(page, 'End', 'ArrowUp', 'Enter', 'Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
    await type(page, 'Enter', 'Enter');
    await expect.poll(() => page.getByText('Looked at bob').count()).toBe(2);
  });

  test('what only one person may see, another doesn’t', async () => {
    const { page } = open;
    await page.getByLabel('You are').selectOption('Bob');
    await expect.poll(() => page.getByText('Looked at bob').count()).toBe(0);
    await page.getByRole('button', { name: 'lounge' }).click();
    await page.getByText('offers no command in this place').waitFor();
    await page.getByLabel('You are').selectOption('Alice');
    await page.getByRole('button', { name: 'general' }).click();
  });
});
