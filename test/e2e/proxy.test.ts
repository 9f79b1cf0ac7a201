import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFetcher } from '../../src/services/images/fetch.ts';
import { createJimmyAi } from '../../src/services/jimmyai/client.ts';
import { readProxies } from '../../src/services/proxy/proxies.ts';
import { image, startBotOnSandbox } from '../support/bot-on-sandbox.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts';
import { imagine } from '../support/generations.ts';

let proxy: ConnectProxy;
const cleanups: (() => Promise<void>)[] = [];
beforeEach(async () => {
  proxy = await startConnectProxy();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await proxy.close();
});

test('a bot that reaches the internet by a proxy alone does all by it: REST, the gateway, the service, images', async () => {
  const on = await startBotOnSandbox({ started: false });
  cleanups.push(() => on.close());
  const named = (url: string, name: string) => url.replace('127.0.0.1', name);
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

test('a result inside the host’s network is refused before the proxy hears of it, where its name is known here', async () => {
  const fetcher = createFetcher({
    discordApiUrl: 'https://discord.com/api',
    serviceBaseUrl: 'http://service.invalid',
    proxyFor: readProxies({ HTTP_PROXY: proxy.url, NO_PROXY: '' }),
  });
  await expect(fetcher.result('http://localhost:1/secret.png')).rejects.toMatchObject({ kind: 'forbidden' });
  expect(proxy.targets).toEqual([]);
  await fetcher.close();
});

test.each([407, 403, 502, 503])(
  'a create that the proxy refuses with %i was certainly not taken',
  async (status) => {
    proxy.refuse(status);
    const proxyFor = readProxies({ HTTP_PROXY: proxy.url });
    const service = createJimmyAi({
      baseUrl: 'http://service.invalid',
      apiKey: 'key',
      proxyFor,
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
  },
);
