import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentFor, startBot } from '../../sandbox/bot.ts';
import { createFetcher } from '../../src/services/images/fetch.ts';
import { createJimmyAi } from '../../src/services/jimmyai/client.ts';
import { readProxies } from '../../src/services/proxy/proxies.ts';
import { createTunnels } from '../../src/services/proxy/tunnels.ts';
import { image, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts';
import { imagine } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { CERTIFICATE, TLS } from '../support/tls/index.ts';

let proxy: ConnectProxy;
const cleanups: (() => Promise<void>)[] = [];
beforeEach(async () => {
  proxy = await startConnectProxy();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await proxy.close();
});

test('a bot that only reaches the internet by a proxy does all by it: REST, the gateway, the service, images', async () => {
  const on = await startBotOnSandbox({ started: false });
  cleanups.push(() => on.close());
  await on.start({
    HTTP_PROXY: proxy.url,
    NO_PROXY: '',
    DISCORD_API_URL: named(on.discord.apiUrl, 'discord.invalid'),
    JIMMYAI_BASE_URL: named(on.jimmyAi.baseUrl, 'service.invalid'),
  });
  await image(imagine(on, 'a fox behind a proxy'));
  const discordPort = new URL(on.discord.apiUrl).port;
  const servicePort = new URL(on.jimmyAi.baseUrl).port;
  expect(new Set(proxy.targets)).toEqual(
    new Set([
      `discord.invalid:${discordPort}`,
      // The gateway, at the address that Discord gives.
      `127.0.0.1:${discordPort}`,
      `service.invalid:${servicePort}`,
    ]),
  );
});

test('so it does over TLS, with the certificate of NODE_EXTRA_CA_CERTS for all of it', async () => {
  const on = await startBotOnSandbox({
    started: false,
    discordTls: { host: 'discord.invalid', ...TLS },
    jimmyAi: { tls: { host: 'service.invalid', ...TLS } },
  });
  cleanups.push(() => on.close());
  await on.start({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: CERTIFICATE });
  const reference = { name: 'fox.png', bytes: await noise(64, 64).png().toBuffer() };
  const options = { prompt: 'a fox over TLS', model: 'nano-banana', reference };
  await image(on.discord.interact.command({ name: 'imagine', options }));
  expect(on.jimmyAi.tasks[0]?.references).toMatchObject([{ source: 'url', width: 64 }]);
  // The gateway, REST and the reference lie at the one name, the result at the other. Neither leads anywhere here.
  expect(new Set(proxy.targets)).toEqual(
    new Set([new URL(on.discord.apiUrl).host, new URL(on.jimmyAi.baseUrl).host]),
  );
  expect(on.discord.fetched).toContain('fox.png');
});

test('an untrusted certificate stops the start with one line that says how to trust it', async () => {
  const on = await startBotOnSandbox({
    started: false,
    discordTls: { host: 'discord.invalid', ...TLS },
  });
  cleanups.push(() => on.close());
  const env = environmentFor(on.discord, on.jimmyAi, on.databasePath);
  const bot = startBot({ env: { ...env, HTTPS_PROXY: proxy.url } });
  expect(await bot.ended).toBe(1);
  expect(bot.errors).toEqual([
    expect.stringMatching(/^The bot cannot start: .*SELF_SIGNED_CERT\).*set NODE_EXTRA_CA_CERTS/),
  ]);
});

test('a result inside the host’s network is refused before the proxy hears of it, if its name is known here', async () => {
  const fetcher = createFetcher({
    discordApiUrl: 'https://discord.com/api',
    serviceBaseUrl: 'http://service.invalid',
    tunnels: tunnelsBy({ HTTP_PROXY: proxy.url, NO_PROXY: '' }),
  });
  await expect(fetcher.result('http://localhost:1/secret.png')).rejects.toMatchObject({ kind: 'forbidden' });
  expect(proxy.targets).toEqual([]);
  await fetcher.close();
});

test.each([
  ['refuses with 407', () => proxy.refuse(407)],
  ['refuses with 403', () => proxy.refuse(403)],
  ['refuses with 502', () => proxy.refuse(502)],
  ['refuses with 503', () => proxy.refuse(503)],
  ['is down', () => proxy.close()],
  ['hangs', () => proxy.hang()],
])('a create was certainly not accepted if the proxy %s', async (_, trouble) => {
  await trouble();
  const service = createJimmyAi({
    baseUrl: 'http://service.invalid',
    apiKey: 'key',
    tunnels: tunnelsBy({ HTTP_PROXY: proxy.url }, 100),
    delay: async () => undefined,
  });
  const created = service.createImageTask({
    model: 'gpt-image-2',
    prompt: 'a fox',
    ratio: 'auto',
    resolution: '1k',
  });
  await expect(created).rejects.toMatchObject({ kind: 'unreachable', charged: 'no' });
  await service.close();
});

test.each([
  ['is down', () => proxy.close(), /the proxy 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\. Check/],
  [
    'wants a password',
    () => proxy.refuse(407),
    /the proxy \S+ does not take the user and password \(HTTP 407\)/,
  ],
  [
    'refuses Discord',
    () => proxy.refuse(502),
    /the proxy \S+ does not connect to discord\.invalid:\d+ \(HTTP 502\)/,
  ],
])(
  'a start behind a proxy that %s names the proxy in one line, and no password',
  async (_, trouble, line) => {
    await trouble();
    const on = await startBotOnSandbox({ started: false });
    cleanups.push(() => on.close());
    const env = environmentFor(on.discord, on.jimmyAi, on.databasePath);
    const bot = startBot({
      env: { ...env, ...behindProxy(), DISCORD_API_URL: named(env.DISCORD_API_URL, 'discord.invalid') },
    });
    expect(await bot.ended).toBe(1);
    expect(bot.errors).toEqual([expect.stringMatching(line)]);
    expect(bot.errors[0]).toMatch(/^The bot cannot start: the proxy/);
    expect(JSON.stringify([bot.errors, bot.log])).not.toContain(PASSWORD);
  },
);

test('a proxy that fails under a running bot is named once in the log, by the gateway too, and so is its return', async () => {
  const on = await startBotOnSandbox({ started: false });
  cleanups.push(() => on.close());
  const bot = await on.start(behindProxy());
  const said = (text: string) => bot.log.filter(({ level, msg }) => level !== 'debug' && msg.includes(text));
  proxy.refuse(407);
  proxy.cut();
  const trouble = 'does not take the user and password (HTTP 407)';
  await until(() => said(`${trouble}; the bot connects again`).length > 0);
  expect(said(`${trouble}. Write them into HTTPS_PROXY`)).toHaveLength(1);
  proxy.refuse(null);
  await until(() => said('the gateway connection is back').length > 0);
  expect(said('works again')).toHaveLength(1);
  await image(imagine(on, 'a fox after the proxy is back'));
  expect(JSON.stringify(bot.log)).not.toContain(PASSWORD);
});

const PASSWORD = 'p4ssw0rd-of-the-proxy';

function behindProxy(): Record<string, string> {
  return { HTTP_PROXY: proxy.url.replace('//', `//user:${PASSWORD}@`), NO_PROXY: '' };
}

function named(url = '', name: string): string {
  return url.replace('127.0.0.1', name);
}

function tunnelsBy(env: Record<string, string>, timeoutMs?: number) {
  const proxyFor = readProxies(env);
  if (!proxyFor) throw new Error('no proxy in the environment');
  return createTunnels({ proxyFor, log: pino({ level: 'silent' }), ...(timeoutMs && { timeoutMs }) });
}
