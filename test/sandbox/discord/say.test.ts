import {
  type APIMessageTopLevelComponent,
  ComponentType,
  MessageFlags,
  PermissionFlagsBits as Permission,
} from 'discord.js';
import { MessageSnapshotResponseSchema } from 'discord-api-spec/zod';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, type Message, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
});
afterEach(() => discord.close());

interface Shown {
  content: string;
  attachments: { filename: string; url: string }[];
  embeds: { type?: string; image?: Picture; thumbnail?: Picture }[];
  message_snapshots: { message: Shown }[];
}
type Picture = { url: string; proxy_url: string; width: number };

/** A message as the bot reads it. */
async function shown({ channel_id, id }: Pick<Message, 'channel_id' | 'id'>): Promise<Shown> {
  const { body } = await call(discord, 'GET', `/channels/${channel_id}/messages/${id}`);
  return body as unknown as Shown;
}

async function picture(width: number): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = sharp({ create: { width, height: 9, channels: 3, background: '#06c' } });
  return new Uint8Array(await drawn.png().toBuffer());
}

const byBob = (extra: object) =>
  discord.say({ user: discord.people.bob, channel: discord.dm(discord.people.bob), ...extra });

test('a file is shown as its sender’s Discord described it', async () => {
  const file = { name: 'a.png', bytes: new Uint8Array(3), contentType: null, size: 7 };
  const [attachment] = (await shown(await byBob({ files: [file] }))).attachments;
  expect(attachment).toMatchObject({ filename: 'a.png', size: 7 });
  expect(attachment).not.toHaveProperty('content_type');
});

describe('a link’s preview', () => {
  test('is shown from a copy of its pictures, which lasts', async () => {
    const [large, small] = [await picture(32), await picture(16)];
    const message = await byBob({
      content: 'https://example.com/fox',
      embeds: [
        {
          url: 'https://example.com/fox',
          title: 'A fox',
          image: { url: 'https://example.com/fox.png?size=large', bytes: large },
          thumbnail: { url: 'https://example.com/fox.png?size=small', bytes: small },
        },
      ],
    });
    const [embed] = (await shown(message)).embeds;
    expect(embed).toMatchObject({
      type: 'link',
      title: 'A fox',
      image: { url: 'https://example.com/fox.png?size=large', width: 32, height: 9 },
      thumbnail: { width: 16 },
    });
    discord.clock.advance(30 * DAY_MS);
    const copyOf = async (media: Picture | undefined) => {
      const response = await fetch(media?.proxy_url ?? '');
      expect(response.headers.get('content-type')).toBe('image/png');
      return new Uint8Array(await response.arrayBuffer());
    };
    expect(await copyOf(embed?.image)).toEqual(large);
    expect(await copyOf(embed?.thumbnail)).toEqual(small);
  });

  test('is not to be had by guessing', async () => {
    const bytes = await picture(8);
    await byBob({ embeds: [{ image: { url: 'https://example.com/a.png', bytes } }] });
    const guess = new URL('/external/guess/https/example.com/a.png', discord.apiUrl);
    expect((await fetch(guess)).status).toBe(404);
  });

  test('of a bot is rich, whatever the bot calls it', async () => {
    const path = `/channels/${discord.channel.id}/messages`;
    const { body } = await call(discord, 'POST', path, { embeds: [{ title: 'x', type: 'image' }] });
    expect(body.embeds).toMatchObject([{ type: 'rich' }]);
  });
});

describe('a forwarded message', () => {
  test('carries another one as it was, and nothing of its own', async () => {
    const { alice, bob } = discord.people;
    const files = [{ name: 'a.png', bytes: await picture(8) }];
    const original = await discord.say({ user: alice, channel: discord.elsewhere, content: 'Look', files });
    const message = await byBob({ forward: original });
    expect(message).toMatchObject({
      author: { id: bob.id },
      content: '',
      attachments: [],
      flags: MessageFlags.HasSnapshot,
      message_reference: { type: 1, message_id: original.id, channel_id: discord.elsewhere.id },
    });
    expect(message.pings.users).toEqual([]);
    discord.faults.deleteMessage(original);
    const read = await shown(message);
    expect(read.message_snapshots).toMatchObject([
      { message: { content: 'Look', type: 0, attachments: [{ filename: 'a.png' }] } },
    ]);
    expect(read.message_snapshots[0]?.message).not.toHaveProperty('author');
    const { error } = MessageSnapshotResponseSchema.safeParse(read.message_snapshots[0]);
    expect(error?.issues ?? []).toEqual([]);
  });

  test('is passed on as it came', async () => {
    const original = await byBob({ content: 'Look' });
    const again = await byBob({ forward: await byBob({ forward: original }) });
    expect((await shown(again)).message_snapshots).toMatchObject([{ message: { content: 'Look' } }]);
  });

  test('shows the files of a bot’s embed there and not below it', async () => {
    const path = `/channels/${discord.channel.id}/messages`;
    const embeds = [{ image: { url: 'attachment://sky.png' } }];
    const files = [{ name: 'sky.png', bytes: await picture(8) }];
    const { body } = await call(discord, 'POST', path, { embeds }, { files });
    const original = discord.messages().find(({ id }) => id === body.id);
    const [snapshot] = (await shown(await byBob({ forward: original }))).message_snapshots;
    expect(snapshot?.message.attachments).toEqual([]);
    expect((await fetch(snapshot?.message.embeds[0]?.image?.url ?? '')).status).toBe(200);
  });

  test('is empty where the bot may not read', async () => {
    const { bob } = discord.people;
    const original = await discord.say({ user: bob, channel: discord.channel, content: 'Look' });
    const message = await discord.say({ user: bob, channel: discord.channel, forward: original });
    expect((await shown(message)).message_snapshots).toMatchObject([{ message: { content: '' } }]);
  });
});

describe('a file’s address', () => {
  test.each(['attachments', 'snapshot'])(
    'in %s expires, and is fresh where the message is read again',
    async (where) => {
      const original = await byBob({ files: [{ name: 'a.png', bytes: await picture(8) }] });
      const message = where === 'snapshot' ? await byBob({ forward: original }) : original;
      const address = async () => {
        const read = await shown(message);
        return (read.message_snapshots?.[0]?.message ?? read).attachments[0]?.url ?? '';
      };
      const first = await address();
      expect((await fetch(first)).status).toBe(200);
      discord.clock.advance(DAY_MS + 1000);
      expect((await fetch(first)).status).toBe(404);
      expect((await fetch(await address())).status).toBe(200);
    },
  );

  test('can’t be given more time by whoever holds it', async () => {
    const message = await byBob({ files: [{ name: 'a.png', bytes: await picture(8) }] });
    const url = new URL((await shown(message)).attachments[0]?.url ?? '');
    url.searchParams.set('ex', 'ffffffff');
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('a person can’t', () => {
  test('write where they aren’t, nor what isn’t allowed there', async () => {
    const { people, channel } = discord;
    const write = (extra: object) => discord.say({ user: people.carol, channel, content: 'x', ...extra });
    await expect(write({ channel: discord.dm(people.bob) })).rejects.toThrow(
      "carol doesn't see that channel",
    );
    const everyone = discord.guild.roles.find(({ name }) => name === '@everyone');
    const take = (permission: bigint) => {
      if (everyone) everyone.permissions = String(BigInt(everyone.permissions) & ~permission);
    };
    take(Permission.AttachFiles);
    await expect(write({ files: [{ name: 'a.txt', bytes: new Uint8Array(1) }] })).rejects.toThrow('attach');
    take(Permission.SendMessages);
    await expect(write({})).rejects.toThrow('carol may not write there');
  });

  test('forward what they don’t see, what is gone, or with words of their own', async () => {
    const { carol } = discord.people;
    const original = await byBob({ content: 'Psst' });
    const forward = (extra: object) => discord.say({ user: carol, channel: discord.channel, ...extra });
    await expect(forward({ forward: original })).rejects.toThrow("carol doesn't see that channel");
    await expect(byBob({ forward: original, content: 'x' })).rejects.toThrow('nothing of its own');
    discord.faults.deleteMessage(original);
    await expect(byBob({ forward: original })).rejects.toThrow('gone');
  });
});

describe('a message of Components V2', () => {
  const components = [
    {
      type: ComponentType.Container,
      components: [
        {
          type: ComponentType.Section,
          components: [{ type: ComponentType.TextDisplay, content: 'A fox' }],
          accessory: { type: ComponentType.Thumbnail, media: { url: 'https://foxes.example/1.png' } },
        },
        { type: ComponentType.File, file: { url: 'attachment://a.png' } },
      ],
    },
  ] as const satisfies APIMessageTopLevelComponent[];

  test('shows each picture and file with its address at Discord, signed anew', async () => {
    const bytes = await picture(24);
    const user = discord.addBot('gallery', [discord.guild]);
    const message = await discord.say({
      user,
      channel: discord.channel,
      components,
      files: [{ name: 'a.png', bytes }],
      pictures: [{ url: 'https://foxes.example/1.png', bytes }],
    });
    const read = discord.shown(message);
    expect(read).toMatchObject({
      content: '',
      attachments: [],
      embeds: [],
      flags: MessageFlags.IsComponentsV2,
    });
    const thumbnail = { url: 'https://foxes.example/1.png', proxy_url: expect.any(String), width: 24 };
    const file = { url: expect.stringContaining('a.png?ex='), content_type: 'image/png', width: 24 };
    expect(read.components).toMatchObject([
      {
        components: [
          { accessory: { media: thumbnail } },
          { file: { ...file, attachment_id: expect.any(String) } },
        ],
      },
    ]);
  });

  test('is not a person’s to write, and shows nothing that isn’t there', async () => {
    await expect(byBob({ components })).rejects.toThrow('only applications send components');
    const user = discord.addBot('gallery', [discord.guild]);
    const said = { user, channel: discord.channel, components };
    await expect(discord.say(said)).rejects.toThrow('nothing lies at https://foxes.example/1.png');
    await expect(discord.say({ ...said, content: 'hello' })).rejects.toThrow();
  });
});
