import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { pricesRead } from '../support/prices.ts';
import { answer } from '../support/rules.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
  await pricesRead(on);
});
afterAll(() => on.close());

test('under a result it says what it costs, and makes a transparent PNG', async () => {
  const first = await imagined(on, 'a fox to cut out');
  const asked = await answer(press(on, first, 'Remove background'));
  expect(textOf(asked)).toMatch(/as a transparent PNG\. It costs about 0\.01 coins\./);
  expect(labels(asked)).toEqual(['Remove background']);
  const made = await image(press(on, asked, 'Remove background'));
  expect(made.attachments).toMatchObject([{ filename: 'a-fox-to-cut-out-without-background.png' }]);
  expect(await isTransparent(made)).toBe(true);
  expect(textOf(made)).toMatch(/Made from \[this message\].*\nBackground removed · \d+ s$/s);
  expect(labels(made)).toEqual(['Upscale', 'Use as reference', 'Star', 'Delete']);
});

test('of several images it is offered for the one that is shown alone', async () => {
  const first = await imagined(on, 'two foxes to cut out', { count: 2 });
  const alone = await answer(press(on, first, 'U2'));
  const asked = await answer(press(on, alone, 'Remove background'));
  expect(labels(asked)).toEqual(['Remove background']);
  await image(press(on, asked, 'Remove background'));
});

test('what was cut out can be enlarged, and stays transparent', async () => {
  const cut = await cutOut();
  const asked = await answer(press(on, cut, 'Upscale'));
  expect(labels(asked)[0]).toBe('×2 · 120 × 80');
  expect(await isTransparent(await image(press(on, asked, '×2 · 120 × 80')))).toBe(true);
});

test('the picture in the answer itself is kept, and shown', async () => {
  on.jimmyAi.misbehave({ kind: 'inline-image', as: 'b64_json' }, { tool: true });
  expect(await isTransparent(await cutOut())).toBe(true);
});

test('after kill -9 while the tool works it is not called again by itself', async () => {
  const before = on.jimmyAi.toolCalls.length;
  on.jimmyAi.misbehave({ kind: 'hang', at: 'tool', made: true });
  const asking = await begin();
  await reply(asking, /The background is being removed/);
  await until(() => on.jimmyAi.toolCalls.length > before);
  await restart(on);
  await reply(asking, /may or may not have been charged/);
  expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
});

async function begin(): Promise<Interaction> {
  const bytes = await noise(60, 40).png().toBuffer();
  const { bob } = on.discord.people;
  const { channel } = on.discord;
  const message = await on.discord.say({ user: bob, channel, files: [{ name: 'owl.png', bytes }] });
  const asked = await answer(on.discord.interact.messageMenu({ message, name: 'Remove background' }));
  return press(on, asked, 'Remove background');
}

async function cutOut(): Promise<Message> {
  return image(await begin());
}

/** Whether a corner shows what lies behind the picture. */
async function isTransparent({ attachments }: Message): Promise<boolean> {
  const bytes = Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer());
  const corner = { left: 0, top: 0, width: 1, height: 1 };
  const pixel = await sharp(bytes).ensureAlpha().extract(corner).raw().toBuffer();
  return pixel[3] === 0;
}
