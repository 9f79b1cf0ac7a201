import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { startDiscord } from '../../../sandbox/discord/index.ts';
import { connect, createDiscordClient, disconnect, logIn } from '../../../src/services/discord/client.ts';
import { countInvalidAnswers } from '../../../src/services/discord/invalid-answers.ts';
import { explainStartProblem } from '../../../src/services/process/start.ts';

const GATEWAY = { url: 'wss://gateway.test', shards: 1 };
const LIMIT = { total: 1000, remaining: 0, reset_after: 3_600_000, max_concurrency: 1 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test.each<[string, RequestListener, RegExp]>([
  ['503', answer(503, 'no healthy upstream', 'text/plain'), /Discord answered with HTTP 503/],
  ['403 of an edge', answer(403, '<html>1015</html>'), /Discord answered with HTTP 403/],
  ['a page of HTML', answer(200, '<html>Log in to the hotel</html>'), /is not Discord\. Check/],
  ['a page that says it is JSON', answer(200, '<html>', 'application/json'), /is not Discord\. Check/],
  ['something else in JSON', answer(200, '{"ok":true}', 'application/json'), /is not Discord\. Check/],
  [
    'a gateway that is no address',
    json({ ...GATEWAY, url: 'nowhere', session_start_limit: LIMIT }),
    /is not Discord/,
  ],
  [
    'a number of shards that is none',
    json({ ...GATEWAY, shards: null, session_start_limit: LIMIT }),
    /is not Discord/,
  ],
  ['no shard at all', json({ ...GATEWAY, shards: 0, session_start_limit: LIMIT }), /is not Discord/],
  ['something that speaks no HTTP', ({ socket }) => void socket.end('SSH-2.0-OpenSSH\r\n'), /is not Discord/],
  [
    'no more starts today',
    json({ ...GATEWAY, session_start_limit: LIMIT, id: '1', username: 'bot' }),
    /it was started too often today, .*resets at \d{4}-/,
  ],
  [
    '401',
    answer(401, '{"message":"401: Unauthorized","code":0}', 'application/json'),
    /does not accept DISCORD_TOKEN\./,
  ],
  ['a cut connection', (request) => void request.socket.destroy(), /Discord cannot be reached \(\w+\)/],
])('%s in the place of the gateway’s address is told in one line', async (_, listener, line) => {
  const told = await startAgainst(await serve(listener));
  expect(told).toMatch(/^The bot cannot start: .*$/);
  expect(told).toMatch(line);
});

test.each<[string, RequestListener, RegExp]>([
  [
    '401',
    answer(401, '{"message":"401: Unauthorized","code":0}', 'application/json'),
    /accept DISCORD_TOKEN/,
  ],
  ['a page of HTML', answer(200, '<html>'), /is not Discord/],
  ['nobody', json({}), /is not Discord/],
  ['403 of an edge', answer(403, '<html>1020</html>'), /HTTP 403 \(a page of something in between/],
])('%s in the place of who the bot is is told in one line', async (_, listener, line) => {
  const gateway = json({ ...GATEWAY, session_start_limit: LIMIT });
  const url = await serve((request, response) =>
    (request.url?.endsWith('/gateway/bot') ? gateway : listener)(request, response),
  );
  const told = await startAgainst(url);
  expect(told).toMatch(/^The bot cannot start: .*$/);
  expect(told).toMatch(line);
});

test.each<[string, RequestListener, RegExp]>([
  [
    '401',
    answer(401, '{"message":"401: Unauthorized","code":0}', 'application/json'),
    /accept DISCORD_TOKEN/,
  ],
  ['a page of HTML', answer(200, '<html>'), /is not Discord/],
  ['something else in JSON', json({ ok: true }), /is not Discord/],
  [
    'a number of shards that is none',
    json({ ...GATEWAY, shards: null, session_start_limit: LIMIT }),
    /is not Disc/,
  ],
])('%s where discord.js asks for the gateway once more is told in one line', async (_, listener, line) => {
  const first = json({ ...GATEWAY, session_start_limit: LIMIT, id: '1', username: 'bot' });
  let asked = 0;
  const url = await serve((request, response) => {
    asked += 1;
    return (asked <= 2 ? first : listener)(request, response);
  });
  const told = await startAgainst(url);
  expect(told).toMatch(/^The bot cannot start: .*$/);
  expect(told).toMatch(line);
});

test.each([
  ['nobody listens', 'http://127.0.0.1:9', /Discord cannot be reached \((?:ECONNREFUSED|UND_ERR_\w+)\)/],
  [
    'the name does not exist',
    'http://discord.invalid/api',
    /Discord cannot be reached \((?:ENOTFOUND|EAI_AGAIN)\)/,
  ],
])('where %s, that is told in one line', async (_, url, line) => {
  expect(await startAgainst(url)).toMatch(line);
});

test.each([
  ['the public key', 'ab'.repeat(32), /which looks like the application's public key\./],
  ['the application’s id', '1'.repeat(19), /which looks like the application's id\./],
  ['the client secret', 'aB3_-'.repeat(6).concat('xy'), /which looks like the application's client secret\./],
  ['the key of the image service', 'sk-123456', /which looks like the key of the image service\./],
])('a refused token that is rather %s is told so', async (_, token, line) => {
  const url = await serve(answer(401, '{"message":"401: Unauthorized","code":0}', 'application/json'));
  expect(await startAgainst(url, token)).toMatch(line);
});

test('Discord’s wish to wait is said at once, and obeyed', async () => {
  const discord = await startDiscord();
  cleanups.push(() => discord.close());
  discord.faults.rest({ route: '/gateway/bot', status: 429, retryAfter: 0.1 });
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line).msg) });
  const client = createDiscordClient({
    apiUrl: discord.apiUrl,
    shards: 'auto',
    log,
    invalid: countInvalidAnswers({ log, elapsed: () => performance.now() }),
  });
  cleanups.push(() => disconnect(client));
  await logIn(client, discord.token, log);
  expect(said.filter((line) => line.includes('429'))).toEqual([
    'Discord asks to wait 1 seconds before the bot may connect (HTTP 429); it waits, then connects by itself',
  ]);
});

async function startAgainst(apiUrl: string, token = 'a.b.c'): Promise<string> {
  const log = pino({ level: 'silent' });
  const client = createDiscordClient({
    apiUrl,
    shards: 'auto',
    log,
    invalid: countInvalidAnswers({ log, elapsed: () => performance.now() }),
  });
  cleanups.push(() => disconnect(client));
  try {
    await logIn(client, token, log);
    await connect(client, token);
    return 'it started';
  } catch (error) {
    return explainStartProblem(error);
  }
}

function answer(status: number, body: string, contentType = 'text/html'): RequestListener {
  return (_, response) => response.writeHead(status, { 'content-type': contentType }).end(body);
}

function json(body: object): RequestListener {
  return answer(200, JSON.stringify(body), 'application/json');
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}
