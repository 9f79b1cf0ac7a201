import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

const IS_COMPONENTS_V2 = 1 << 15;
let discord: Discord;
let web: Server;
let asked: number;
const channelPath = () => `/channels/${discord.channel.id}/messages`;

beforeEach(async () => {
  asked = 0;
  const bytes = await picture();
  web = createServer((request, response) => {
    asked += 1;
    const isPicture = request.url?.startsWith('/fox.png');
    response.writeHead(isPicture ? 200 : 404, { 'content-type': 'image/png' }).end(isPicture ? bytes : '');
  }).listen(0, '127.0.0.1');
  [discord] = await Promise.all([startDiscord({ rateLimits: false }), once(web, 'listening')]);
});
afterEach(async () => {
  web.close();
  await discord.close();
});

async function picture(): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = sharp({ create: { width: 32, height: 18, channels: 3, background: '#06c' } });
  return new Uint8Array(await drawn.png().toBuffer());
}

const onTheWeb = (path: string) => `http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`;

test('a picture on the web that an embed names is shown by Discord’s own proxy, and fetched once somebody looks', async () => {
  const [url, gone] = [onTheWeb('/fox.png?signed=1'), onTheWeb('/gone.png')];
  const elsewhere = 'https://example.com/fox.png';
  const embeds = [{ image: { url }, thumbnail: { url: gone } }, { image: { url: elsewhere } }];
  const { body } = await call(discord, 'POST', channelPath(), { embeds });
  const [shown, other] = body.embeds as { image: { proxy_url: string }; thumbnail: { proxy_url: string } }[];
  expect(shown).toMatchObject({ image: { url }, thumbnail: { url: gone } });
  expect(shown?.image.proxy_url).toContain(`${new URL(discord.apiUrl).origin}/external/`);
  expect(asked).toBe(0);
  const answer = await fetch(shown?.image.proxy_url ?? '');
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(await picture());
  expect((await fetch(shown?.thumbnail.proxy_url ?? '')).status).toBe(404);
  // The sandbox asks nobody outside of this machine.
  expect((await fetch(other?.image.proxy_url ?? '')).status).toBe(404);
});

test('components of an application show the files of their message and pictures on the web, also after an edit', async () => {
  const gallery = (...urls: string[]) => ({ type: 12, items: urls.map((url) => ({ media: { url } })) });
  const shown = [gallery('attachment://sky.png', onTheWeb('/fox.png'))];
  const files = [{ name: 'sky.png', bytes: await picture() }];
  const { body } = await call(
    discord,
    'POST',
    channelPath(),
    { flags: IS_COMPONENTS_V2, components: shown },
    { files },
  );
  const addresses = ({ components }: typeof body) =>
    (components as { items: { media: { url: string; proxy_url: string } }[] }[])[0]?.items.map(
      ({ media }) => media,
    ) ?? [];
  const [sky, fox] = addresses(body);
  expect(sky).toMatchObject({ width: 32, height: 18, content_type: 'image/png' });
  for (const media of [sky, fox]) expect((await fetch(media?.proxy_url ?? '')).status).toBe(200);
  const edited = await call(discord, 'PATCH', `${channelPath()}/${body.id}`, {
    flags: IS_COMPONENTS_V2,
    components: [{ type: 10, content: 'The sky' }, gallery('attachment://sky.png')],
  });
  expect(edited.body.components).toMatchObject([{ type: 10 }, { items: [{ media: { width: 32 } }] }]);
});

test('a component that names a file which is not there is refused', async () => {
  const components = [{ type: 13, file: { url: 'attachment://sky.png' } }];
  const { status, body } = await call(discord, 'POST', channelPath(), {
    flags: IS_COMPONENTS_V2,
    components,
  });
  expect(status).toBe(400);
  expect(JSON.stringify(body.errors)).toContain('UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND');
});
