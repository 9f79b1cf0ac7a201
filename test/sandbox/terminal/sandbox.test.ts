import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { COMPILE_CACHE } from '../../../sandbox/bot.ts';

const ENTRY = fileURLToPath(new URL('../../../sandbox/index.ts', import.meta.url));
const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.concurrent('one command on the command line delivers an image, saves it and exits with 0', async () => {
  const { code, output } = await sandbox('/imagine prompt: a fox in the snow model: nano-banana ratio: 16:9');
  expect(output).toMatch(
    /alice {2}\/imagine prompt: a fox.*Sending this to the image service.*Nano Banana · 16:9 · 1K · \d+ s/s,
  );
  const path = join(folder, 'a-fox-in-the-snow-nano-banana.png');
  expect(output).toContain(`saved ${path}`);
  expect(await sharp(path).metadata()).toMatchObject({ format: 'png', width: 1365, height: 768 });
  expect(code).toBe(0);
});

test.concurrent('where the bot asks first, the command says yes', async () => {
  const { code, output } = await sandbox('/imagine prompt: foxes model: nano-banana count: 3');
  expect(output).toMatch(/each one charged.*alice {2}\[Make 3 images\].*3 images · \d+ s/s);
  expect(output.match(/^saved /gm)).toHaveLength(3);
  expect(code).toBe(0);
});

test.concurrent('a command whose image fails exits with 1 and says why', async () => {
  const { code, output } = await sandbox(
    '/imagine prompt: no model: nano-banana',
    '--misbehave',
    'out-of-credit',
  );
  expect(output).toMatch(/No image: .*out of credit/);
  expect(code).toBe(1);
});

test.concurrent('a command that is refused at once exits with 1 and says why', async () => {
  const { code, output } = await sandbox('/imagine prompt: wide resolution: 4K');
  expect(output).toMatch(/No image: GPT Image 2 at 4K takes only the ratios 16:9/);
  expect(code).toBe(1);
});

test.concurrent('commands are read from the input until it ends', async () => {
  const { code, output } = await sandbox({ input: '/imagine prompt: piped model: nano-banana\n!nonsense\n' });
  expect(output).toMatch(/The page: http:\/\/127\.0\.0\.1:\d+$/m);
  expect(output).toContain('There is no misbehaviour "nonsense"');
  expect(existsSync(join(folder, 'piped-nano-banana.png'))).toBe(true);
  expect(code).toBe(0);
});

test.concurrent('where the input is closed from the beginning, the page stays until the process is told to end', async () => {
  const child = execFile(process.execPath, [ENTRY, '--no-open', '--port', '0'], { env });
  child.stdin?.end();
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  while (!output.includes('The page stays until')) await once(child.stdout ?? child, 'data');
  const [, url = ''] = /The page: (\S+)/.exec(output) ?? [];
  expect(await (await fetch(url)).text()).toContain('<title>');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow();
});

test.concurrent('a port that is asked for and taken is said to be', async () => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, output } = await sandbox('--port', String(port));
  expect(output).toContain(`address already in use 127.0.0.1:${port}`);
  expect(code).toBe(1);
});

test.concurrent('an unknown flag is answered with the usage', async () => {
  const { code, output } = await sandbox('--fast');
  expect(output).toMatch(/Unknown option '--fast'.*npm run sandbox --/s);
  expect(code).toBe(1);
});

function sandbox(...args: (string | { input: string })[]): Promise<{ code: number; output: string }> {
  const words = args.filter((arg) => typeof arg === 'string');
  const { input = '' } = args.find((arg) => typeof arg === 'object') ?? {};
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [ENTRY, '--speed', '50', '--out', folder, ...words],
      { env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}
