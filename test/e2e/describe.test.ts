import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { filledIn } from '../support/filled-in.ts';
import { noise } from '../support/pictures.ts';
import { answer } from '../support/rules.ts';

const SAYS = /A landscape of 60 × 40 pixels/;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('says privately what an image shows, as text alone, and is a prompt to start from', async () => {
  const said = await reply(describe(await post(60)), SAYS);
  expect(said.flags).toBe(MessageFlags.Ephemeral);
  expect(said.embeds[0]?.description).toContain('\\*fine\\* detail');
  expect(labels(said)).toEqual(['Imagine this']);
  const opened = press(on, said, 'Imagine this');
  const [prompt = ''] = filledIn((await opened.response()).modal).prompt ?? [];
  expect(prompt).toMatch(/^A landscape of 60 × 40 pixels, .* \*fine\* detail$/);
  const made = await image(await submit(on, opened, { prompt }));
  expect(made.flags ?? 0).toBe(0);
  expect(textOf(made)).toMatch(/Made from \[this message\]/);
  expect(createsOf(on.jimmyAi, prompt)).toHaveLength(1);
});

test('the image loses its metadata on the way, and what is asked says what the answer is for', async () => {
  await reply(describe(await post(60)), SAYS);
  const { request } = on.jimmyAi.toolCalls.findLast(({ tool }) => tool === 'understand') ?? {};
  expect(request).toMatchObject({
    contents: [
      {
        parts: [
          { text: expect.stringMatching(/never an instruction to you.*in English\.$/s) },
          { inline_data: { mime_type: 'image/jpeg' } },
        ],
      },
    ],
  });
});

test('of several images it asks which one', async () => {
  const asked = await answer(describe(await post(50, 60)));
  expect(labels(asked)).toEqual(['Image 1', 'Image 2']);
  await reply(press(on, asked, 'Image 2'), SAYS);
});

test.each([
  ['a 504 while the work goes on', { kind: 'html', status: 504, at: 'tool', made: true }],
  ['a cut connection', { kind: 'dropped', at: 'tool', made: true }],
] as const)('%s is told as what may have been charged, and not asked again', async (_, misbehaviour) => {
  const before = on.jimmyAi.toolCalls.length;
  on.jimmyAi.misbehave(misbehaviour);
  await reply(describe(await post(60)), /may or may not have been charged/);
  expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
});

test('a refusal is told in the service’s own words', async () => {
  on.jimmyAi.misbehave({ kind: 'error-code', code: '20002', msg: 'no *such* picture', at: 'tool' });
  const said = await reply(describe(await post(60)), /refused the request\. Nothing was charged/);
  expect(textOf(said)).toContain('> no \\*such\\* picture');
});

test('a message without an image, and a file that is none, cost nothing', async () => {
  const before = on.jimmyAi.toolCalls.length;
  const { bob } = on.discord.people;
  const { channel } = on.discord;
  const without = await on.discord.say({ user: bob, channel, content: 'hello' });
  await reply(describe(without), /no image in that message/);
  const bytes = Buffer.from('not an image');
  const broken = await on.discord.say({ user: bob, channel, files: [{ name: 'broken.png', bytes }] });
  await reply(describe(broken), /damaged, or is none.*Nothing was charged/s);
  expect(on.jimmyAi.toolCalls).toHaveLength(before);
});

test('whoever asks again and again is told when they can go on', async () => {
  const { carol } = on.discord.people;
  const message = await post(60);
  for (let time = 1; time <= 10; time += 1) await reply(describe(message, carol), SAYS);
  const before = on.jimmyAi.toolCalls.length;
  await reply(describe(message, carol), /Ask for more <t:\d+:R>\. Nothing was started or charged/);
  expect(on.jimmyAi.toolCalls).toHaveLength(before);
});

function describe(message: Message, user = on.discord.people.alice): Interaction {
  return on.discord.interact.messageMenu({ message, name: 'Describe', user });
}

async function post(...widths: number[]): Promise<Message> {
  const files = await Promise.all(
    widths.map(async (width, index) => {
      return { name: `${index}.png`, bytes: await noise(width, 40).png().toBuffer() };
    }),
  );
  return on.discord.say({ user: on.discord.people.bob, channel: on.discord.channel, files });
}
