import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, image, reply, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { finishImages, imagineUnderWay } from '../support/generations.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1, pixelScale: 0.25 } });
});
afterAll(() => on.close());

test('an image within the limit arrives byte by byte as the service made it', async () => {
  const interaction = await imagineUnderWay(on, 'a fox');
  await finishImages(on);
  const message = await image(interaction);
  expect(await bytesOf(message)).toEqual(await originalOf('a fox'));
  expect(textOf(message)).not.toContain('too large');
});

test('when not even the smallest version fits, the reply says so and links the original', async () => {
  const interaction = await imagineUnderWay(on, 'a fox for a tiny place', { attachmentSizeLimit: 40 });
  await finishImages(on);
  const message = await reply(interaction, /even its smallest version is too large for this place/);
  expect(message.attachments).toEqual([]);
  expect(await linkedBy(message)).toEqual(await originalOf('a fox for a tiny place'));
});

test.each([
  ['half of', 0.5],
  ['a tenth of', 0.1],
  ['a fiftieth of', 0.02],
])(
  'when the interaction allows %s its size, it comes smaller, says how, and links the original',
  async (share, factor) => {
    const prompt = `a fox at ${share} its size`;
    const limit = Math.floor((await sizeOfAnImage()) * factor);
    const interaction = await imagineUnderWay(on, prompt, { attachmentSizeLimit: limit });
    await finishImages(on);
    const message = await image(interaction);
    const bytes = await bytesOf(message);
    expect(bytes.length).toBeLessThanOrEqual(limit);
    expect((await sharp(bytes).metadata()).format).toBe('webp');
    expect(textOf(message)).toMatch(/too large for this place, so it was (converted|compressed|reduced) to/);
    expect(await linkedBy(message)).toEqual(await originalOf(prompt));
  },
);

test.each([
  ['edit by token', false],
  ['edit as the bot', true],
])(
  'when Discord refuses it as too large at an %s, although it was within the limit, it comes smaller',
  async (rung, isTokenDead) => {
    const limit = Math.floor((await sizeOfAnImage()) * 1.2);
    const interaction = await imagineUnderWay(on, `a fox too large for an ${rung}`, {
      attachmentSizeLimit: limit,
    });
    if (isTokenDead) on.discord.faults.expireToken(interaction);
    on.discord.faults.rest({
      method: 'PATCH',
      route: new RegExp(isTokenDead ? `/${interaction.message()?.id}$` : interaction.token),
      status: 413,
      code: 40005,
      message: 'Request entity too large',
    });
    await finishImages(on);
    const message = await image(interaction);
    expect((await bytesOf(message)).length).toBeLessThanOrEqual(limit / 2);
    expect(textOf(message)).toContain('too large for this place');
  },
);

/** Images of one model at one pixel scale differ little. */
async function sizeOfAnImage(): Promise<number> {
  return (await originalOf('a fox')).length;
}

async function originalOf(prompt: string): Promise<Buffer> {
  const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
  return download(`${on.jimmyAi.baseUrl}/files/${task?.id}.png`);
}

function bytesOf({ attachments: [attachment] }: Message): Promise<Buffer> {
  return download(attachment?.url ?? '');
}

function linkedBy(message: Message): Promise<Buffer> {
  return download(/\[Original\]\((\S+)\)/.exec(textOf(message))?.[1] ?? '');
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
