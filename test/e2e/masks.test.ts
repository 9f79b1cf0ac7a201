import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { noise } from '../support/pictures.ts';

let photo: Buffer;
let mask: Buffer;
beforeAll(async () => {
  photo = await noise(300, 200).jpeg().toBuffer();
  mask = await maskOf(300, 200);
});

describe('by JimmyAI', () => {
  let on: BotOnSandbox;
  beforeAll(async () => {
    on = await startBotOnSandbox();
  });
  afterAll(() => on.close());

  test('a mask goes along with the first reference, and again with Again', async () => {
    const message = await image(ask(on, 'a new sky', { model: 'gpt-image-1.5' }));
    await image(press(on, message, 'Again'));
    const bodies = bodiesOf(on, 'a new sky');
    expect(bodies).toHaveLength(2);
    for (const body of bodies)
      expect(body).toMatchObject({ images: [expect.any(String)], mask_url: expect.stringMatching(/^http/) });
    expect(textOf(message)).toContain('1 reference');
  });

  test('a model that takes none is told before anything is paid, with the way to one that does', async () => {
    const message = await reply(ask(on, 'a masked banana', { model: 'nano-banana' }), /takes no mask/);
    expect(bodiesOf(on, 'a masked banana')).toEqual([]);
    const [way] = labels(message).filter((label) => label.includes('GPT Image 1.5'));
    expect(way).toBeDefined();
    await image(press(on, message, way ?? ''));
    expect(bodiesOf(on, 'a masked banana')).toEqual([
      expect.objectContaining({ model: 'gpt-image-1.5', mask_url: expect.any(String) }),
    ]);
  });

  test('a mask alone says what it lacks', async () => {
    const options = {
      prompt: 'nothing to mask',
      model: 'gpt-image-1.5',
      mask: { name: 'm.png', bytes: mask },
    };
    await reply(on.discord.interact.command({ name: 'imagine', options }), /attach that image as/);
    expect(bodiesOf(on, 'nothing to mask')).toEqual([]);
  });

  test.each([
    [
      'has no transparent part',
      () => noise(300, 200).png().toBuffer(),
      /no transparent part.*Nothing was charged/s,
    ],
    ['has another size', () => maskOf(310, 200), /another size.*Nothing was charged/s],
  ])('one that %s is refused before anything is paid, and can be left out', async (what, make, says) => {
    const interaction = ask(on, what, { model: 'gpt-image-1.5' }, await make());
    const message = await reply(interaction, says);
    expect(bodiesOf(on, what)).toEqual([]);
    await image(press(on, message, 'Leave it out'));
    expect(bodiesOf(on, what)).toEqual([expect.not.objectContaining({ mask_url: expect.anything() })]);
  });

  test('Edit prompt keeps the mask', async () => {
    const message = await image(ask(on, 'before', { model: 'gpt-image-1.5' }));
    await image(await submit(on, press(on, message, 'Edit prompt'), { prompt: 'after' }));
    expect(bodiesOf(on, 'after')).toEqual([expect.objectContaining({ mask_url: expect.any(String) })]);
  });

  test('references that replace the first one replace its mask', async () => {
    const message = await image(ask(on, 'first', { model: 'gpt-image-1.5' }));
    const references = [{ name: 'other.jpg', bytes: photo }];
    await image(await submit(on, press(on, message, 'Edit prompt'), { prompt: 'second', references }));
    expect(bodiesOf(on, 'second')).toEqual([expect.not.objectContaining({ mask_url: expect.anything() })]);
  });

  test('a mask alone gets its reference in the form', async () => {
    const options = {
      prompt: 'still alone',
      model: 'gpt-image-1.5',
      mask: { name: 'm.png', bytes: mask },
    };
    const asked = on.discord.interact.command({ name: 'imagine', options });
    const message = await reply(asked, /attach that image as/);
    const references = [{ name: 'photo.jpg', bytes: photo }];
    await image(
      await submit(on, press(on, message, 'Edit prompt'), { prompt: 'no longer alone', references }),
    );
    expect(bodiesOf(on, 'no longer alone')).toEqual([
      expect.objectContaining({ images: [expect.any(String)], mask_url: expect.any(String) }),
    ]);
  });
});

describe('by OpenAI’s API', () => {
  let on: BotOnSandbox;
  beforeAll(async () => {
    on = await startBotOnSandbox({ api: 'openai' });
  });
  afterAll(() => on.close());

  test.each(['gpt-image-2', 'flux-dev'])('%s gets the mask as a file of the form', async (model) => {
    await image(ask(on, `masked ${model}`, { model }));
    await until(() => bodiesOf(on, `masked ${model}`).length === 1);
    expect(bodiesOf(on, `masked ${model}`)).toEqual([expect.objectContaining({ mask: true })]);
  });
});

function ask(on: BotOnSandbox, prompt: string, options: { model: string }, bytes = mask): Interaction {
  return on.discord.interact.command({
    name: 'imagine',
    options: {
      prompt,
      ...options,
      reference: { name: 'photo.jpg', bytes: photo },
      mask: { name: 'mask.png', bytes },
    },
  });
}

function bodiesOf({ jimmyAi }: BotOnSandbox, prompt: string): unknown[] {
  return jimmyAi.requests
    .map(({ body }) => body)
    .filter((body) => (body as { prompt?: string } | undefined)?.prompt === prompt);
}

async function maskOf(width: number, height: number): Promise<Buffer> {
  const hole = { create: { width: 50, height: 50, channels: 4 as const, background: '#000' } };
  return await noise(width, height)
    .ensureAlpha()
    .composite([{ input: hole, blend: 'dest-out' }])
    .png()
    .toBuffer();
}
