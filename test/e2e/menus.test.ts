import { ComponentType, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, creates, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { changed, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

describe('Use as reference, on anyone’s message', () => {
  test('takes its attachments, though their addresses from back then have expired', async () => {
    const message = await post({ files: [await file('fox.png', 50, 40), await file('owl.png', 60, 40)] });
    await on.advance(3 * DAY_MS);
    const made = await image(await submit(on, useAsReference(message), { prompt: 'both of them' }));
    expect(references('both of them')).toEqual([
      [50, 40],
      [60, 40],
    ]);
    expect(textOf(made)).toContain(
      `Made from [this message](https://discord.com/channels/${on.discord.guild.id}/${message.channel_id}/${message.id})`,
    );
  });

  test('takes an image without a content type from Discord', async () => {
    const unnamed = { ...(await file('fox.PNG', 52, 40)), contentType: null };
    await image(await submit(on, useAsReference(await post({ files: [unnamed] })), { prompt: 'unnamed' }));
    expect(references('unnamed')).toEqual([[52, 40]]);
  });

  test('takes the images of its link previews, from Discord’s copies', async () => {
    const bytes = await noise(70, 40).png().toBuffer();
    const message = await post({
      content: 'https://foxes.example/1',
      embeds: [{ url: 'https://foxes.example/1', image: { url: 'https://foxes.example/1.png', bytes } }],
    });
    await image(await submit(on, useAsReference(message), { prompt: 'from a link' }));
    expect(references('from a link')).toEqual([[70, 40]]);
  });

  test('takes the images of a forwarded message', async () => {
    const original = await post({ files: [await file('fox.png', 80, 40)] });
    const forwarded = await post({ forward: original });
    await image(await submit(on, useAsReference(forwarded), { prompt: 'passed on' }));
    expect(references('passed on')).toEqual([[80, 40]]);
  });

  test('takes every image of a message of Components V2 once', async () => {
    const message = await byGallery({
      files: [await file('a.png', 41, 40), await file('b.png', 42, 40), await file('clip.mp4', 43, 40)],
      pictures: [{ url: 'https://foxes.example/c', bytes: (await file('c.png', 44, 40)).bytes }],
      components: [
        {
          type: ComponentType.Container,
          components: [
            {
              type: ComponentType.Section,
              components: [{ type: ComponentType.TextDisplay, content: 'A fox' }],
              accessory: { type: ComponentType.Thumbnail, media: { url: 'https://foxes.example/c' } },
            },
            { type: ComponentType.Separator },
            {
              type: ComponentType.MediaGallery,
              items: [{ media: { url: 'attachment://a.png' } }, { media: { url: 'attachment://clip.mp4' } }],
            },
            { type: ComponentType.File, file: { url: 'attachment://b.png' } },
          ],
        },
        { type: ComponentType.MediaGallery, items: [{ media: { url: 'attachment://a.png' } }] },
      ],
    });
    await on.advance(3 * DAY_MS);
    const shown = [
      [44, 40],
      [41, 40],
      [42, 40],
    ];
    await image(await submit(on, useAsReference(message), { prompt: 'from a gallery' }));
    expect(references('from a gallery')).toEqual(shown);
    const forwarded = await post({ forward: message });
    await image(await submit(on, useAsReference(forwarded), { prompt: 'from a forwarded gallery' }));
    expect(references('from a forwarded gallery')).toEqual(shown);
  });

  test.each([
    ['a sticker', { stickers: ['fox'] }, /has a sticker, and stickers can’t be used/],
    ['a photo in HEIC', { files: [{ name: 'IMG_1.HEIC', bytes: Buffer.from('x') }] }, /has the format HEIC/],
    [
      'a drawing in SVG',
      { files: [{ name: 'logo', contentType: 'image/svg+xml', bytes: Buffer.from('x') }] },
      /has the format SVG/,
    ],
  ])('names %s correctly, even in a forwarded message', async (_, said, words) => {
    const message = await post(said);
    for (const seen of [message, await post({ forward: message })]) {
      const { message: answer } = await useAsReference(seen).response();
      expect(answer && textOf(answer)).toMatch(words);
    }
  });

  test('takes no more than the chosen model accepts', async () => {
    const files = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => file(`${number}.png`, 40, 40)));
    const message = await post({ files });
    await image(await submit(on, useAsReference(message), { prompt: 'five', model: ['nano-banana'] }));
    expect(references('five')).toHaveLength(5);
  });

  test('says so if there is no image', async () => {
    const files = [{ name: 'notes.txt', bytes: Buffer.from('no image') }];
    const answer = await useAsReference(await post({ content: 'hello', files })).response();
    expect(answer.message && textOf(answer.message)).toMatch(/no image in that message/);
    expect(answer.message?.flags).toBe(MessageFlags.Ephemeral);
  });

  test('on an image of the bot makes that one its parent', async () => {
    const parent = await imagined(on, 'a parent');
    await image(await submit(on, useAsReference(parent), { prompt: 'a child' }));
    const child = on.jimmyAi.tasks.find(({ request }) => request.prompt === 'a child');
    expect(child?.references).toHaveLength(1);
  });
});

test('Use as reference makes a private image from a private one, without a link that nobody could open', async () => {
  const { alice } = on.discord.people;
  const secret = await imagined(on, 'a secret parent', { private: true });
  const made = await image(await submit(on, useAsReference(secret), { prompt: 'a secret child' }));
  expect(made.visibleTo).toBe(alice.id);
  expect(textOf(made)).not.toContain('Made from');
});

test.each(['an image shown alone', 'the history'])(
  'Use as reference makes a private image from a private one in %s, without a link',
  async (where) => {
    const { alice } = on.discord.people;
    const secret = await imagined(on, `a secret in ${where}`, { private: true, count: 2 });
    const asked =
      where === 'the history'
        ? await changed(
            on,
            await on.discord.interact.command({ name: 'history' }).answer(),
            '1',
            /a secret in/,
          )
        : (await press(on, secret, 'U1').response()).message;
    if (!asked) throw new Error('there was no answer');
    expect(asked.visibleTo).toBe(alice.id);
    const made = await (await submit(on, useAsReference(asked), { prompt: `a child of ${where}` })).answer();
    expect(made.visibleTo).toBe(alice.id);
    expect(textOf(made)).not.toContain('Made from');
  },
);

test('Use as reference links the message in a server that the bot is no member of', async () => {
  const parent = await imagined(on, 'a parent elsewhere', { channel: on.discord.elsewhere });
  const made = await image(await submit(on, useAsReference(parent), { prompt: 'a child elsewhere' }));
  expect(textOf(made)).toMatch(new RegExp(`channels/\\d+/${parent.channel_id}/${parent.id}\\)`));
});

test('Image details refuses messages without an image of the bot', async () => {
  const details = await detailsOf(await post({ content: 'hello' }));
  expect(details && textOf(details)).toMatch(/not an image of this bot/);
});

describe('after a restart', () => {
  let opened: Interaction;
  let parent: Message;
  let made: Message;
  beforeAll(async () => {
    const { bob } = on.discord.people;
    parent = await imagined(on, 'a detailed fox', { user: bob });
    made = await image(await submit(on, useAsReference(parent), { prompt: 'a *detailed* child' }));
    opened = useAsReference(await post({ files: [await file('fox.png', 50, 40)] }));
    await opened.response();
    await restart(on);
  });

  test('Use as reference works if its modal was open meanwhile', async () => {
    await image(await submit(on, opened, { prompt: 'across a restart' }));
    expect(references('across a restart')).toEqual([[50, 40]]);
  });

  test('Image details says what was asked for, by whom, how long it took and what it was made from', async () => {
    const { carol } = on.discord.people;
    const details = await detailsOf(made, carol);
    expect(details?.flags).toBe(MessageFlags.Ephemeral);
    const text = details ? textOf(details) : '';
    expect(text).toContain('a \\*detailed\\* child');
    expect(text).toMatch(new RegExp(`by <@${on.discord.people.alice.id}> <t:\\d+:R>`));
    expect(text).toContain(`/${parent.id}`);
    expect(text).toMatch(/GPT Image 2 · Auto · 1K · Low · 1 reference · \d+ s/);
    expect(text).toMatch(/Reference number [0-9a-f]{8}/);
  });
});

type Posted = Omit<Parameters<BotOnSandbox['discord']['say']>[0], 'user' | 'channel'>;

function post(said: Posted): Promise<Message> {
  return on.discord.say({ user: on.discord.people.bob, channel: on.discord.channel, ...said });
}

/** Another application's bot, whose messages are made of components. */
function byGallery(said: Posted): Promise<Message> {
  const { guild, channel } = on.discord;
  return on.discord.say({ user: on.discord.addBot('gallery', [guild]), channel, ...said });
}

async function file(name: string, width: number, height: number) {
  return { name, bytes: await noise(width, height).png().toBuffer() };
}

function useAsReference(message: Message): Interaction {
  return on.discord.interact.messageMenu({ message, name: 'Use as reference' });
}

async function detailsOf(message: Message, user = on.discord.people.alice) {
  return (await on.discord.interact.messageMenu({ message, name: 'Image details', user }).response()).message;
}

/** Widths and heights of the references that the task with this prompt was given. */
function references(prompt: string): unknown {
  expect(creates(on.jimmyAi).filter((body) => body.prompt === prompt)).toHaveLength(1);
  const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
  return task?.references.map(({ width, height }) => [width, height]);
}
