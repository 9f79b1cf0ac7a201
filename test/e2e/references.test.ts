import { existsSync, readdirSync } from 'node:fs';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import { UPLOAD_RETRY } from '../../src/services/image-service/retry.ts';
import type { ModelId } from '../../src/services/request/models.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  uploadsTo,
} from '../support/bot-on-sandbox.ts';
import { png, pngHeader } from '../support/hostile-images/containers.ts';
import { fileOf, noise } from '../support/pictures.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('references arrive in their order: upright, without metadata, at most 2048 pixels on the long side', async () => {
  const phone = await noise(3000, 2000)
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer();
  const references = [
    { name: 'phone.jpg', bytes: phone },
    { name: 'two.png', bytes: await picture(200, 100, 'png') },
    { name: 'three.webp', bytes: await picture(300, 100, 'webp') },
    { name: 'four.gif', bytes: await picture(400, 100, 'gif') },
  ];
  await image(imagine('with four', references));
  const task = taskOf('with four');
  expect(task?.references.map(({ width, height }) => `${width}×${height}`)).toEqual([
    '1365×2048',
    '200×100',
    '300×100',
    '400×100',
  ]);
  for (const reference of task?.references ?? []) {
    expect(reference).toMatchObject({ source: 'url', hasExif: false, hasGps: false, hasXmp: false });
  }
});

test('a wrong name and a missing type do not matter: only the bytes count', async () => {
  const reference = { name: 'not-really-a.jpg', contentType: null, bytes: await picture(64, 64, 'png') };
  await image(imagine('misnamed', [reference]));
  expect(taskOf('misnamed')?.references).toMatchObject([{ width: 64, height: 64 }]);
});

test('one that is too narrow for the model is refused before anything is paid, and serves with another model', async () => {
  const strip = { name: 'strip.png', bytes: await picture(400, 20, 'png') };
  await reply(imagine('a narrow one', [strip], 'doubao-seedream-5-0-pro'), /too narrow for this model/);
  expect(createsOf(on.jimmyAi, 'a narrow one')).toEqual([]);
  await image(imagine('a narrow one elsewhere', [strip]));
  expect(taskOf('a narrow one elsewhere')?.references).toMatchObject([{ width: 400, height: 20 }]);
});

test('an image with another content type is still used', async () => {
  const reference = {
    name: 'fox.png',
    contentType: 'application/octet-stream',
    bytes: await picture(64, 64, 'png'),
  };
  await image(imagine('in disguise', [reference]));
  expect(taskOf('in disguise')?.references).toMatchObject([{ width: 64, height: 64 }]);
});

test.each([
  ['is missing', { kind: 'upload-missing', at: 'upload' }, 1],
  ['is down', { kind: 'unavailable', at: 'upload' }, UPLOAD_RETRY.delaysMs.length + 1],
] as const)('when the upload %s, references are sent inline', async (state, misbehaviour, times) => {
  on.jimmyAi.misbehave(misbehaviour, { times });
  const prompt = `upload ${state}`;
  await image(imagine(prompt, [{ name: 'fox.png', bytes: await picture(64, 64, 'png') }]));
  expect(taskOf(prompt)?.references).toMatchObject([{ source: 'data URI', width: 64 }]);
});

test('an attachment that is not an image is refused at once, privately, and nothing is created', async () => {
  const interaction = imagine('with notes', [
    { name: 'notes.png', bytes: Buffer.from('hello'), contentType: 'text/plain' },
  ]);
  const { message } = await interaction.response();
  expect(message?.content).toBe(
    'notes.png is not an image that can be used: attach a PNG, JPEG, WebP, GIF or AVIF file.',
  );
  expect((message?.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
  expect(taskOf('with notes')).toBeUndefined();
});

test('a photo in HEIC is named as what it is, with the way out', async () => {
  const bytes = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
  const { message } = await imagine('a photo', [
    { name: 'IMG_1.HEIC', bytes, contentType: 'image/heic' },
  ]).response();
  expect(message?.content).toBe(
    'IMG\\_1.HEIC is an image in the format HEIC, which can’t be used: attach it as PNG, JPEG, WebP, GIF or AVIF.',
  );
  const unnamed = imagine('an unnamed photo', [{ name: 'photo.jpg', bytes, contentType: null }]);
  await reply(unnamed, /Reference image 1 \(HEIC\) is a kind of image that can’t be used: attach it as PNG/);
});

test('an attachment that is too large is refused at once, and not even fetched', async () => {
  const interaction = imagine('too large', [
    { name: 'huge.png', bytes: await picture(8, 8, 'png'), size: 26 * 1024 * 1024 },
  ]);
  const { message } = await interaction.response();
  expect(message?.content).toBe('huge.png is too large: attach an image of at most 25 MB.');
});

test.each([
  [
    'text that calls itself a PNG',
    Buffer.from('not a picture'),
    /Reference image 1 is not an image, or is damaged/,
  ],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    /Reference image 1 \(SVG\) is a kind of image that can’t be used/,
  ],
  [
    'an SVG that says it is an AVIF',
    Buffer.from('<!--ftypavif--><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    /Reference image 1 is not an image/,
  ],
  [
    'a picture of 4 billion pixels in 60 bytes',
    png(pngHeader({ width: 65_535, height: 65_535 })),
    /Reference image 1/,
  ],
])('%s is found out by its bytes, before anything is created', async (what, bytes, words) => {
  const interaction = imagine(what, [{ name: 'trick.png', bytes, contentType: 'image/png' }]);
  expect(textOf(await reply(interaction, words))).toContain('Nothing was charged');
  expect(creates(on.jimmyAi).some(({ prompt }) => prompt === what)).toBe(false);
});

test('a truncated image is found out, too', async () => {
  const bytes = (await picture(500, 500, 'jpeg')).subarray(0, 1200);
  const interaction = imagine('truncated', [{ name: 'half.jpg', bytes }]);
  await reply(interaction, /Reference image 1 is not an image/);
  expect(taskOf('truncated')).toBeUndefined();
});

test('nothing is kept or uploaded of a request with one reference that is not an image', async () => {
  const uploads = uploadsTo(on.jimmyAi);
  const kept = filesKept();
  const good = async (name: string) => ({ name, bytes: await picture(64, 64, 'png') });
  const bad = { name: 'at-the-clinic.png', bytes: Buffer.from('no picture') };
  const references = [await good('a.png'), await good('b.png'), await good('c.png'), bad];
  const refused = await reply(imagine('three and a half', references), /Reference image 4 is not an image/);
  expect(textOf(refused)).not.toContain('clinic');
  expect(refused.visibleTo).toBeNull();
  expect(uploadsTo(on.jimmyAi)).toBe(uploads);
  expect(filesKept()).toEqual(kept);
});

test('a person who has sent many false references is asked to wait, privately', async () => {
  const { bob } = on.discord.people;
  const bad = { name: 'bad.png', bytes: Buffer.from('no picture'), contentType: 'image/png' };
  const ask = (number: number) =>
    on.discord.interact.command({
      name: 'imagine',
      options: { prompt: `bad ${number}`, model: 'nano-banana', reference: bad },
      user: bob,
    });
  for (let number = 0; number < 10; number += 1) await reply(ask(number), /is not an image/);
  const { message } = await ask(10).response();
  expect(message && textOf(message)).toMatch(/couldn’t be used\. Ask again with references <t:\d+:R>/);
  expect(message?.visibleTo).toBe(bob.id);
  await on.advance(60_000);
  await reply(ask(11), /is not an image/);
});

function filesKept(): string[] {
  const folder = `${on.databasePath}-files`;
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('reference')) : [];
}

function imagine(
  prompt: string,
  references: { name: string; bytes: Uint8Array; contentType?: string | null; size?: number }[],
  model: ModelId = 'nano-banana',
): Interaction {
  const names = ['reference', 'reference_2', 'reference_3', 'reference_4'];
  const options = Object.fromEntries(references.map((reference, index) => [names[index], reference]));
  return on.discord.interact.command({
    name: 'imagine',
    options: { prompt, model, ...options },
  });
}

function taskOf(prompt: string) {
  return on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
}

function picture(width: number, height: number, format: 'png' | 'jpeg' | 'webp' | 'gif'): Promise<Buffer> {
  return fileOf(noise(width, height), format);
}
