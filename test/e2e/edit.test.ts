import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message, PersonFile } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('another number of images is made, and another resolution', async () => {
  const first = await imagined(on, 'a fox to multiply');
  const options = ['count:1', 'count:2', 'resolution:2k'];
  await images(await submit(on, press(on, first, 'Edit prompt'), { prompt: 'two foxes', options }), 2);
  expect(createsOf(on.jimmyAi, 'two foxes')).toEqual(
    [1, 2].map(() => expect.objectContaining({ resolution: '2k' })),
  );
});

test('files of the form become the references, in their order, up to ten', async () => {
  const first = await imagined(on, 'a fox without a picture');
  const chosen = await Promise.all(Array.from({ length: 10 }, (_, index) => picture(20 + index)));
  const fields = { prompt: 'with ten', model: ['gpt-image-2'], references: chosen };
  await image(await submit(on, press(on, first, 'Edit prompt'), fields));
  expect(widths('with ten')).toEqual(chosen.map((_, index) => 20 + index));
});

test('references stay unless the person chooses others, which replace them', async () => {
  const options = { prompt: 'with one', model: 'nano-banana', reference: await picture(30) };
  const first = await image(on.discord.interact.command({ name: 'imagine', options }));
  const opened = press(on, first, 'Edit prompt');
  expect(JSON.stringify((await opened.response()).modal)).toContain('The one that is there stays');
  await image(await submit(on, opened, { prompt: 'with the same' }));
  expect(widths('with the same')).toEqual([30]);
  const others = { prompt: 'with others', references: [await picture(40), await picture(50)] };
  await image(await submit(on, press(on, first, 'Edit prompt'), others));
  expect(widths('with others')).toEqual([40, 50]);
});

test('files of “Use as reference” go along after the image', async () => {
  const first = await imagined(on, 'a fox with company');
  const fields = { prompt: 'put the hat on', 'more-references': [await picture(60)] };
  await image(await submit(on, press(on, first, 'Use as reference'), fields));
  const [image_, hat, ...others] = widths('put the hat on');
  expect([image_, others]).toEqual([expect.any(Number), []]);
  expect(hat).toBe(60);
});

test('one that is no image is left out by a press, and what was typed is kept, also over a restart', async () => {
  const first = await imagined(on, 'a fox and a text');
  const text = { name: 'notes.png', bytes: Buffer.from('a text'), contentType: 'text/plain' };
  const fields = { prompt: 'with a text', references: [await picture(70), text] };
  const refused = await said(await submit(on, press(on, first, 'Edit prompt'), fields));
  expect(textOf(refused)).toMatch(/notes\.png is not an image/);
  await restart(on);
  await image(press(on, refused, 'Leave it out'));
  expect(widths('with a text')).toEqual([70]);
});

test('more references than the model accepts are refused at once, with models that accept them', async () => {
  const first = await imagined(on, 'a fox for few');
  const chosen = await Promise.all(Array.from({ length: 6 }, (_, index) => picture(20 + index)));
  const fields = { prompt: 'with six', references: chosen };
  const refused = await said(await submit(on, press(on, first, 'Edit prompt'), fields));
  expect(textOf(refused)).toMatch(/takes at most 5 reference images and you attached 6/);
  expect(createsOf(on.jimmyAi, 'with six')).toEqual([]);
  const [way = ''] = labels(refused);
  await image(press(on, refused, way));
  expect(widths('with six')).toHaveLength(6);
});

async function picture(width: number): Promise<PersonFile> {
  return { name: `${width}.png`, bytes: await noise(width, 20).png().toBuffer() };
}

function widths(prompt: string): (number | undefined)[] {
  const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
  return (task?.references ?? []).map(({ width }) => width);
}

async function said(interaction: Interaction): Promise<Message> {
  await interaction.response();
  return until(() => interaction.message());
}
