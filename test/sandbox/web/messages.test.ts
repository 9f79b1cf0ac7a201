import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type APIMessageTopLevelComponent, ButtonStyle, ComponentType } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Discord, startDiscord, type User } from '../../../sandbox/discord/index.ts';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { embedGalleries } from '../../../sandbox/web/public/embed-galleries.ts';
import { call } from '../discord/api.ts';
import { CHROMIUM, type OpenPage, openPage } from './open-page.ts';
import { NO_PROCESS } from './scripted-bot.ts';

test('embeds of one address are one, at the place of the first, with the images of all', () => {
  const image = (name: string) => ({ image: { url: `https://x.test/${name}.png` } });
  const set = { url: 'https://x.test/set' };
  const shown = embedGalleries([
    { ...set, title: 'A set', ...image('one') },
    { title: 'Alone', ...image('two') },
    { ...set, title: 'never seen', ...image('three') },
    { ...set, title: 'without an image' },
    { url: 'https://x.test/other', ...image('four') },
  ]);
  const names = shown.map(({ images }) => images.map(({ url }) => url.slice('https://x.test/'.length)));
  expect(names).toEqual([['one.png', 'three.png'], ['two.png'], [], ['four.png']]);
  expect(shown.map(({ index, embed }) => [index, embed.title])).toEqual([
    [0, 'A set'],
    [1, 'Alone'],
    [3, 'without an image'],
    [4, undefined],
  ]);
});

describe.skipIf(!CHROMIUM)('the page shows as Discord', () => {
  let discord: Discord;
  let jimmyAi: JimmyAi;
  let web: Server;
  let artist: User;
  let open: OpenPage;
  beforeAll(async () => {
    web = createServer((_, response) => void picture('#c63').then((bytes) => response.end(bytes)));
    web.on('request', (_, response) => response.setHeader('content-type', 'image/png'));
    web.listen(0, '127.0.0.1');
    [discord, jimmyAi] = await Promise.all([startDiscord({ rateLimits: false }), startJimmyAi()]);
    artist = discord.addBot('artist', [discord.guild]);
    const players = { discord, jimmyAi, bot: NO_PROCESS };
    open = await openPage(Promise.resolve(players), 'It offers no command in this place.');
  });
  afterAll(async () => {
    await open.close();
    web.close();
    await Promise.all([discord.close(), jimmyAi.close()]);
  });

  const newest = () => open.page.getByRole('article').last();
  /** How many of its images have been drawn. */
  const drawn = () =>
    open.page.evaluate<number>(
      "[...[...document.querySelectorAll('discord-message')].at(-1).querySelectorAll('img')].filter((image) => image.naturalWidth > 0).length",
    );

  test('embeds of one address as one gallery, with images that lie elsewhere', async () => {
    if (!web.listening) await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const address = { url: 'https://example.com/' };
    const embeds = ['one', 'two', 'three'].map((name) => ({
      ...address,
      image: { url: `http://127.0.0.1:${port}/${name}.png` },
    }));
    await call(discord, 'POST', `/channels/${discord.channel.id}/messages`, {
      embeds: [{ ...embeds[0], description: 'Three foxes' }, ...embeds.slice(1)],
    });
    await newest().getByText('Three foxes').waitFor();
    await expect.poll(drawn).toBe(3);
    expect(await newest().locator('discord-embed').count()).toBe(1);
    await open.picture('message-gallery');
  });

  test('a message of Components V2: texts, pictures, a file, buttons, in a container or not', async () => {
    const files = [
      { name: 'sky.png', bytes: await picture('#06c') },
      { name: 'notes.txt', bytes: Buffer.from('hello') },
    ];
    await discord.say({ user: artist, channel: discord.channel, files, components: COMPONENTS });
    await newest().getByText('The sky').waitFor();
    await expect.poll(drawn).toBe(3);
    expect(await newest().locator('discord-bold').textContent()).toBe('today');
    expect(await newest().getByRole('separator').count()).toBe(1);
    expect(await newest().locator('discord-file-attachment').getAttribute('name')).toBe('notes.txt');
    expect(await newest().locator('.container').textContent()).toContain('In a container');
    await newest()
      .getByRole('button', { name: /Enlarge the sky/ })
      .click();
    await open.page.getByRole('dialog').getByRole('img').waitFor();
    await open.page.keyboard.press('Escape');
    await newest().getByRole('button', { name: 'Again' }).click();
    await open.page.getByText('This interaction failed').waitFor();
    await open.picture('message-components');
  });

  test('a forwarded message as it was, where it came from, and nothing in it to be pressed', async () => {
    const { bob } = discord.people;
    const original = await discord.say({
      user: artist,
      channel: discord.otherChannel,
      files: [
        { name: 'sky.png', bytes: await picture('#06c') },
        { name: 'notes.txt', bytes: Buffer.from('x') },
      ],
      components: COMPONENTS,
    });
    await discord.say({ user: bob, channel: discord.channel, forward: original });
    await newest().getByText('Forwarded').waitFor();
    expect(await newest().textContent()).toContain(`#${discord.otherChannel.name} • `);
    await expect.poll(drawn).toBe(3);
    await newest().getByText('The sky').waitFor();
    expect(await newest().locator('discord-button[disabled]').count()).toBe(1);
    const files = [{ name: 'fox.png', bytes: await picture('#c63') }];
    const said = await discord.say({ user: bob, channel: discord.otherChannel, content: 'A **fox**', files });
    await discord.say({ user: bob, channel: discord.channel, forward: said });
    await newest().getByText('A fox').waitFor();
    await expect.poll(drawn).toBe(1);
    await open.picture('message-forwarded');
  });
});

const COMPONENTS: APIMessageTopLevelComponent[] = [
  {
    type: ComponentType.Section,
    components: [{ type: ComponentType.TextDisplay, content: 'The sky **today**' }],
    accessory: {
      type: ComponentType.Thumbnail,
      media: { url: 'attachment://sky.png' },
      description: 'small',
    },
  },
  { type: ComponentType.Separator },
  {
    type: ComponentType.MediaGallery,
    items: [
      { media: { url: 'attachment://sky.png' }, description: 'the sky' },
      { media: { url: 'attachment://sky.png' }, spoiler: true },
    ],
  },
  { type: ComponentType.File, file: { url: 'attachment://notes.txt' } },
  {
    type: ComponentType.Container,
    accent_color: 0xcc6633,
    components: [
      { type: ComponentType.TextDisplay, content: '## In a container' },
      {
        type: ComponentType.ActionRow,
        components: [
          { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Again', custom_id: 'again' },
        ],
      },
    ],
  },
];

async function picture(background: string): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = sharp({ create: { width: 320, height: 180, channels: 3, background } });
  return new Uint8Array(await drawn.png().toBuffer());
}
