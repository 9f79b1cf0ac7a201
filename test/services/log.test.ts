import { DiscordAPIError } from 'discord.js';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/services/log.ts';

const TOKEN = 'aW50ZXJhY3Rpb246MTIzOnNlY3JldA';

test('an interaction token does not get into the log with an error of discord.js', () => {
  const route = `http://127.0.0.1/api/v10/webhooks/1234/${TOKEN}/messages/@original`;
  const error = new DiscordAPIError({ code: 10015, message: 'Unknown Webhook' }, 10015, 404, 'PATCH', route, {
    body: { content: 'hello' },
    files: [],
  });
  const line = logged((log) => log.error({ err: error }, 'failed'));
  expect(line).toContain('10015');
  expect(line).toContain('/webhooks/1234/[secret]/messages');
  expect(line).not.toContain(TOKEN);
});

test('an interaction token does not get into the log with a callback route', () => {
  const line = logged((log) => log.info(`POST /interactions/99/${TOKEN}/callback`));
  expect(line).toContain('/interactions/99/[secret]/callback');
});

test('the keys are masked wherever they stand', () => {
  const line = logged((log) =>
    log.info({ headers: { authorization: 'Bearer key-1' }, note: 'sent key-1' }, 'with key-1'),
  );
  expect(line).not.toContain('key-1');
});

test.each([
  ['an Authorization header', 'sent with Authorization: Bearer sk-0123456789abcdef', 'sk-0123456789abcdef'],
  [
    'a bot token in a header',
    'Authorization: Bot MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.0123-456789_abcdefghijklmn',
    'Gabcde',
  ],
  ['an interaction token by itself', `the body was {"id":"1","token":"${TOKEN}"}`, TOKEN],
  [
    'a signed address of Discord',
    'https://cdn.discordapp.com/attachments/1/2/fox.png?ex=66&is=65&hm=0badc0de&width=8',
    '0badc0de',
  ],
  [
    'a signed address of a store',
    'https://x.oss-cn-hangzhou.aliyuncs.com/a.png?Expires=1&OSSAccessKeyId=2&Signature=s3cr3t%3D',
    's3cr3t',
  ],
])('%s is masked in a message, a field and an error', (_, text, secret) => {
  for (const line of [
    logged((log) => log.warn(text)),
    logged((log) => log.warn({ details: { said: [text] } }, 'failed')),
    logged((log) => log.warn({ err: new Error(text) }, 'failed')),
  ]) {
    expect(line).not.toContain(secret);
    expect(line).toContain('[secret]');
    expect(() => JSON.parse(line)).not.toThrow();
  }
});

test('a key and a token are masked by the name of their field, whatever they are', () => {
  const line = logged((log) =>
    log.info({ token: 'abc', apiKey: 'def', generation: { token: 'ghi' } }, 'asked'),
  );
  for (const secret of ['abc', 'def', 'ghi']) expect(line).not.toContain(secret);
});

test('words that only look a little like it stay readable', () => {
  const said = 'Bot started; the bearer of good news; /webhooks are fine; see ?page=2';
  expect(logged((log) => log.info(said))).toContain(said);
});

test('what follows a token in a line stays readable', () => {
  const line = logged((log) => log.info({ url: `/webhooks/12/${TOKEN}`, status: 404 }, 'gone'));
  expect(JSON.parse(line)).toMatchObject({
    url: '/webhooks/12/[secret]',
    status: 404,
    msg: 'gone',
    level: 'info',
  });
});

test('nothing in a line steers the terminal that shows it, as JSON or unpacked', () => {
  const hostile = 'a\u001b[2J\u009b31m\u007f\u0000\u202eb \\u001b';
  const line = logged((log) => log.warn({ name: hostile, err: new Error(hostile) }, hostile));
  const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
  expect(line.trimEnd()).not.toMatch(steering);
  const { name, msg, err } = JSON.parse(line);
  for (const text of [name, msg, err.message]) {
    expect(text).toBe('a\\u001b[2J\\u009b31m\\u007f\\u0000\\u202eb \\u001b');
  }
});

test('a line break in what somebody wrote begins no line of its own', () => {
  const line = logged((log) => log.info({ name: 'fox.png\n{"level":"info","msg":"forged"}' }, 'a file came'));
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(line).name).toContain('forged');
});

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  write(createLogger({ level: 'info', secrets: ['key-1'], destination }));
  return lines.join('');
}
