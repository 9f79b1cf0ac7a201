import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { environmentFor } from '../../sandbox/bot.ts';
import { type BotOnSandbox, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { asText, CTRL_C, ENTER } from '../support/typed-terminal.ts';

const SETUP = fileURLToPath(new URL('../../src/setup.ts', import.meta.url));
const FAKE_TTY = fileURLToPath(new URL('../support/fake-tty.ts', import.meta.url));

let on: BotOnSandbox;
let folder: string;
beforeEach(async () => {
  on = await startBotOnSandbox({ started: false });
  folder = mkdtempSync(join(tmpdir(), 'imagine-setup-'));
});
afterEach(async () => {
  await on.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a wrong token and a wrong key, then the right ones, make a .env that the bot starts with', async () => {
  const setup = startSetup(['--import', FAKE_TTY]);
  await setup.answer("◆ The bot's token", `wrong.token${ENTER}`);
  await setup.answer(/does not accept this token.*◆ The bot's token/, on.discord.token + ENTER);
  await setup.answer(/knows the bot as .*◆ The key/, `wrong-key${ENTER}`);
  await setup.answer(/does not accept this key.*◆ The key/, on.jimmyAi.apiKey + ENTER);
  await setup.answer(/10,000 coins can be spent.*may everybody/, ENTER);
  await setup.answer('may one person', ENTER);
  expect(await setup.code).toBe(0);
  expect(asText(setup.shown())).toContain(`authorize?client_id=${on.discord.bot.id}&scope=bot`);
  for (const secret of [on.discord.token, on.jimmyAi.apiKey]) expect(setup.shown()).not.toContain(secret);
  expect(readdirSync(folder)).toEqual(['.env']);
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  const written = parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  expect(written).toMatchObject({ TOTAL_PER_DAY: '500', USER_PER_DAY: '100' });
  await on.start({ ...(written as Record<string, string>) });
});

test('a failure of Discord is reported, and Ctrl+C then ends it with 130 and leaves nothing behind', async () => {
  on.discord.faults.rest({ route: '/applications/@me', status: 500, times: 2 });
  const setup = startSetup(['--import', FAKE_TTY]);
  await setup.answer("◆ The bot's token", on.discord.token + ENTER);
  await setup.answer(/HTTP 500.*◆ It could not be checked/, CTRL_C);
  expect(await setup.code).toBe(130);
  expect(setup.shown()).toContain('Nothing was written.');
  expect(readdirSync(folder)).toEqual([]);
});

test('behind a proxy it uses the proxy, and says when the proxy fails', async () => {
  const proxy = await startConnectProxy();
  onTestFinished(() => proxy.close());
  const { DISCORD_API_URL = '', JIMMYAI_BASE_URL = '' } = environmentFor(on.discord, on.jimmyAi, '');
  const setup = startSetup(['--import', FAKE_TTY], {
    HTTP_PROXY: proxy.url,
    DISCORD_API_URL: DISCORD_API_URL.replace('127.0.0.1', 'discord.invalid'),
    JIMMYAI_BASE_URL: JIMMYAI_BASE_URL.replace('127.0.0.1', 'service.invalid'),
  });
  proxy.refuse(407);
  await setup.answer("◆ The bot's token", on.discord.token + ENTER);
  await until(() => /wants a user and a password \(HTTP 407\).*Try again/.test(asText(setup.shown())));
  proxy.refuse(null);
  await setup.answer('could not be checked', ENTER);
  await setup.answer(/knows the bot as .*◆ The key/, on.jimmyAi.apiKey + ENTER);
  await setup.answer(/10,000 coins can be spent.*may everybody/, CTRL_C);
  expect(await setup.code).toBe(130);
});

test('without a terminal it says in one line what to do instead', async () => {
  const setup = startSetup([]);
  expect(await setup.code).toBe(1);
  expect(setup.shown()).toMatch(/^[^\n]*needs? [^\n]*terminal[^\n]*copy \.env\.example to \.env[^\n]*\n$/);
  expect(readdirSync(folder)).toEqual([]);
});

/** Runs the real setup in an empty folder, pointed at the sandbox. */
function startSetup(nodeArgs: readonly string[], env: Record<string, string> = {}) {
  const { DISCORD_API_URL = '', JIMMYAI_BASE_URL = '' } = environmentFor(on.discord, on.jimmyAi, '');
  const child = spawn(process.execPath, [...nodeArgs, SETUP], {
    cwd: folder,
    env: { DISCORD_API_URL, JIMMYAI_BASE_URL, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  let shown = '';
  let read = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece) => {
      shown += piece;
    });
  }
  return {
    shown: () => shown,
    code: once(child, 'close').then(([code]) => code as number | null),
    async answer(question: RegExp | string, keys: string): Promise<void> {
      const pattern = typeof question === 'string' ? new RegExp(RegExp.escape(question)) : question;
      await until(() => pattern.test(asText(shown.slice(read))));
      read = shown.length;
      child.stdin.write(keys);
    },
  };
}
