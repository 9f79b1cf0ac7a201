import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { MODEL_IDS, modelOf } from '../../src/services/request/models.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { button, labels, press, submit } from '../support/buttons.ts';
import { noise } from '../support/pictures.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

describe('an option that a model lacks is never a dead end', () => {
  test('4K alone: one press makes it in 2K, for everybody to see, once', async () => {
    const question = await answered(imagine('a fox in 4K', { resolution: '4k' }));
    expect(question.flags).toBe(MessageFlags.Ephemeral);
    expect(textOf(question)).toMatch(/^GPT Image 2 at 4K takes only the ratios 16:9, .*lower resolution/);
    expect(labels(question)).toContain('Make it with GPT Image 2.5 Flare');
    expect(createsOf(on.jimmyAi, 'a fox in 4K')).toEqual([]);

    const pressed = press(on, question, 'Make it in 2K');
    const message = await image(pressed);
    expect(message.flags ?? 0).not.toBe(MessageFlags.Ephemeral);
    expect(createsOf(on.jimmyAi, 'a fox in 4K')).toEqual([
      expect.objectContaining({ model: 'gpt-image-2', resolution: '2k', ratio: 'auto' }),
    ]);
    const again = await answered(press(on, question, 'Make it in 16:9'));
    expect(textOf(again)).toMatch(/made already, or deleted/);
    expect(createsOf(on.jimmyAi, 'a fox in 4K')).toHaveLength(1);
  });

  test('two ways at once make one image', async () => {
    const question = await answered(imagine('one fox', { resolution: '4k' }));
    const pressed = ['Make it in 2K', 'Make it in 16:9'].map((label) => press(on, question, label));
    await Promise.all(pressed.map((each) => each.response()));
    await Promise.race(pressed.map(image));
    expect(createsOf(on.jimmyAi, 'one fox')).toHaveLength(1);
  });

  test('ways without a button are in a menu, and the form has everything', async () => {
    const options = { ratio: '3:1', model: 'grok-imagine-image' };
    const question = await answered(imagine('a wide fox', options));
    const customId = button(question, 'Edit prompt').replace(/^draft/, 'way');
    await image(on.discord.interact.select({ message: question, customId, values: ['m=nano-banana'] }));
    expect(createsOf(on.jimmyAi, 'a wide fox')).toEqual([
      expect.objectContaining({ model: 'nano-banana', ratio: '3:1' }),
    ]);
    const other = await answered(imagine('a wider fox', options));
    await image(await submit(on, press(on, other, 'Edit prompt'), { ratio: '2:1' }));
    expect(createsOf(on.jimmyAi, 'a wider fox')).toEqual([expect.objectContaining({ ratio: '2:1' })]);
  });

  test('many images still need a confirmation', async () => {
    const question = await answered(imagine('four foxes', { resolution: '4k', count: 4 }));
    const confirmation = await reply(press(on, question, 'Make it in 2K'), /This makes 4 images/);
    expect(labels(confirmation)).toContain('Make 4 images');
    expect(createsOf(on.jimmyAi, 'four foxes')).toEqual([]);
  });
});

test.each([
  ['grok-imagine-image-2', { ratio: 'auto', resolution: '1k', quality: 'medium' }],
  ['doubao-seedream-5-0-pro', { ratio: '1:1', resolution: '2k' }],
  ['gpt-image-2.5-sunburst', { ratio: 'auto', resolution: '1k', quality: 'auto' }],
  ['gpt-image-1.5', { ratio: '1:1', quality: 'auto' }],
  ['nano-banana-2.1', { ratio: 'auto', resolution: '1k' }],
])('%s gets its own defaults, with a reference', async (model, defaults) => {
  const bytes = await noise(64, 48).png().toBuffer();
  const prompt = `a fox changed by ${model}`;
  const options = { prompt, model, reference: { name: 'fox.png', bytes } };
  await image(on.discord.interact.command({ name: 'imagine', options }));
  expect(createsOf(on.jimmyAi, prompt)).toEqual([
    { prompt, model, ...defaults, images: [expect.any(String)] },
  ]);
});

describe('without a background', () => {
  const model = 'gpt-image-1.5';

  test('goes out as the page has it, is shown so, and stays so through Again and the form', async () => {
    const made = await image(imagine('a sticker', { model, transparent: true }));
    expect(textOf(made)).toContain('GPT Image 1.5 · 1:1 · 1K · Auto quality · Transparent');
    const [attachment] = made.attachments;
    const picture = await fetch(attachment?.url ?? '').then((answer) => answer.arrayBuffer());
    expect((await sharp(picture).stats()).isOpaque).toBe(false);
    await image(press(on, made, 'Again'));
    await image(await submit(on, press(on, made, 'Edit prompt'), { ratio: '2:3' }));
    const sent = { model, background: 'transparent', output_format: 'png', quality: 'auto' };
    expect(createsOf(on.jimmyAi, 'a sticker')).toEqual([
      { prompt: 'a sticker', ratio: '1:1', ...sent },
      { prompt: 'a sticker', ratio: '1:1', ...sent },
      { prompt: 'a sticker', ratio: '2:3', ...sent },
    ]);
  });

  test('is refused with a way out if the model can’t', async () => {
    const question = await answered(imagine('an emoji', { transparent: true }));
    expect(textOf(question)).toMatch(/^GPT Image 2 makes no images without a background/);
    expect(labels(question)).toEqual([
      'Make it with GPT Image 2.5 Flare',
      'Make it with a background',
      'Make it with GPT Image 2.5 Sunburst',
      'Make it with GPT Image 1.5',
      'Edit prompt',
    ]);
    await image(press(on, question, 'Make it with GPT Image 2.5 Sunburst'));
    expect(createsOf(on.jimmyAi, 'an emoji')).toEqual([
      expect.objectContaining({ model: 'gpt-image-2.5-sunburst', background: 'transparent' }),
    ]);
  });
});

describe('a model that the account doesn’t have', () => {
  test('is reported as missing, costs nothing, and another one can be chosen', async () => {
    on.jimmyAi.misbehave({ kind: 'error-code', at: 'create', code: '50000', msg: '模型配置不存在' });
    const ended = await reply(imagine('a lacking fox'), /doesn’t offer this model .* Nothing was charged\./);
    expect(labels(ended)).toEqual(['Edit prompt', 'Delete']);
    const other = await submit(on, press(on, ended, 'Edit prompt'), { model: 'nano-banana' });
    await image(other);
    expect(createsOf(on.jimmyAi, 'a lacking fox')).toEqual([
      expect.objectContaining({ model: 'gpt-image-2' }),
      expect.objectContaining({ model: 'nano-banana' }),
    ]);
  });

  test('may have been charged unless the service itself says so', async () => {
    on.jimmyAi.misbehave({
      kind: 'error-code',
      at: 'create',
      code: '50000',
      msg: '模型配置不存在',
      status: 502,
    });
    const ended = await reply(imagine('an unclear fox'), /may or may not have been charged/);
    expect(labels(ended)).toEqual(['Edit prompt', 'Delete']);
  });
});

describe('MODELS', () => {
  let old: Message;
  let ancient: Message;
  beforeAll(async () => {
    old = await image(imagine('an older fox', { model: 'nano-banana' }));
    ancient = await image(imagine('an ancient fox', { model: 'gpt-image-2' }));
    setDefaultModel(on.databasePath, 'nano-banana');
    await on.bot().stop();
    const db = new DatabaseSync(on.databasePath);
    db.exec("UPDATE generations SET model = 'dall-e-1' WHERE prompt = 'an ancient fox'");
    db.close();
    await on.start({ MODELS: 'gpt-image-2,nano-banana-2' });
  });

  test('without a model changes older requests and defaults that use it', async () => {
    const question = await answered(press(on, old, 'Again'));
    expect(textOf(question)).toMatch(
      /^Nano Banana isn’t offered here any more: choose GPT Image 2, Nano Banana 2\.$/,
    );
    await image(press(on, question, 'Make it with Nano Banana 2'));
    await image(imagine('a newer fox'));
    expect(createsOf(on.jimmyAi, 'a newer fox')).toEqual([expect.objectContaining({ model: 'gpt-image-2' })]);
    const settings = await answered(on.discord.interact.command({ name: 'settings' }));
    expect(textOf(settings)).toContain('GPT Image 2 · Auto · 1K · Low');
  });

  test('a request with a model that no longer exists is shown, and can be made with another one', async () => {
    const jobs = await answered(on.discord.interact.command({ name: 'jobs' }));
    expect(textOf(jobs)).toContain('an ancient fox');
    const question = await answered(press(on, ancient, 'Again'));
    expect(textOf(question)).toMatch(/^dall-e-1 isn’t offered here any more/);
    await image(press(on, question, `Make it with ${modelOf('gpt-image-2').label}`));
  });

  test('decides which models /imagine and its forms offer', async () => {
    await on.bot().stop();
    await on.start({ MODELS: 'nano-banana-pro,gpt-image-1.5' });
    const made = await image(imagine('a fox of now'));
    expect(createsOf(on.jimmyAi, 'a fox of now')).toEqual([
      expect.objectContaining({ model: 'nano-banana-pro' }),
    ]);
    const { modal } = await press(on, made, 'Edit prompt').response();
    const offered = MODEL_IDS.filter((id) => JSON.stringify(modal).includes(`"${id}"`));
    expect(offered).toEqual(['gpt-image-1.5', 'nano-banana-pro']);
  });
});

function imagine(prompt: string, options: Record<string, string | number | boolean> = {}): Interaction {
  return on.discord.interact.command({ name: 'imagine', options: { prompt, ...options } });
}

async function answered(interaction: Interaction): Promise<Message> {
  const { message } = await interaction.response();
  if (!message) throw new Error('it was not answered with a message');
  return message;
}

function setDefaultModel(path: string, model: string): void {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.prepare(
    `INSERT INTO settings (user_id, model, notify, notify_after_seconds)
     SELECT DISTINCT user_id, ?, 'off', 0 FROM generations`,
  ).run(model);
  db.close();
}
