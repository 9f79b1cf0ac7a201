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

test('what follows a token in a line stays readable', () => {
  const line = logged((log) => log.info({ url: `/webhooks/12/${TOKEN}`, status: 404 }, 'gone'));
  expect(JSON.parse(line)).toMatchObject({
    url: '/webhooks/12/[secret]',
    status: 404,
    msg: 'gone',
    level: 'info',
  });
});

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  write(createLogger({ level: 'info', secrets: ['key-1'], destination }));
  return lines.join('');
}
