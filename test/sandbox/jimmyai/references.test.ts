import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { BODY, HOUR_MS, test } from './client.ts';

const red = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#c33' } });
const dataUri = (bytes: Buffer, mime = 'image/png') => `data:${mime};base64,${bytes.toString('base64')}`;

test('a data URI and raw base64 are decoded and kept on the task', async ({ jimmy, client }) => {
  const png = await red().png().toBuffer();
  await client.start({ ...BODY, images: [dataUri(png), png.toString('base64')] });
  expect(jimmy.tasks[0]?.references).toEqual([
    expect.objectContaining({ source: 'data URI', bytes: png, mime: 'image/png', width: 60, height: 40 }),
    expect.objectContaining({ source: 'base64', bytes: png, hasExif: false, hasGps: false, hasXmp: false }),
  ]);
});

test('metadata that was not stripped is seen, and the size is the displayed one', async ({
  jimmy,
  client,
}) => {
  const camera = await red().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const phone = await red()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    .jpeg()
    .toBuffer();
  await client.start({ ...BODY, images: [dataUri(camera, 'image/jpeg'), dataUri(phone, 'image/jpeg')] });
  expect(jimmy.tasks[0]?.references).toEqual([
    expect.objectContaining({ hasExif: true, hasGps: false, hasXmp: false, width: 40, height: 60 }),
    expect.objectContaining({ hasExif: true, hasGps: true, hasXmp: true, width: 60, height: 40 }),
  ]);
});

test('an upload and an earlier result are taken by URL', async ({ jimmy, client, clock }) => {
  const png = await red().png().toBuffer();
  const { json } = await client.upload(Buffer.from(png), 'red.png');
  const earlier = await client.start();
  clock.advance(HOUR_MS);
  const { result } = (await client.data(earlier)) as { result: { image_url: string } };
  await client.start({ ...BODY, images: [json.data?.url, result.image_url] });
  const references = jimmy.tasks[1]?.references ?? [];
  expect(references.map(({ source }) => source)).toEqual(['url', 'url']);
  expect(references[0]?.bytes).toEqual(png);
});

describe('a reference that is no image of its own is refused', () => {
  const text = Buffer.from('not an image');
  test.for([
    ['a foreign host', 'https://cdn.discordapp.com/attachments/1/2/a.png', /images\.0: can't be fetched/],
    ['base64 of a text', text.toString('base64'), /images\.0: not an image/],
    ['a data URI of a text', dataUri(text), /images\.0: not an image/],
    ['a path', '/tmp/a.png', /images\.0: /],
    ['an empty string', '', /images\.0: /],
    ['a data URI that is not base64', 'data:image/png,abc', /images\.0: neither/],
  ] as const)('%s', async ([, image, problem], { jimmy, client }) => {
    const { json } = await client.create({ ...BODY, images: [image] });
    expect(json.code).toBe('20002');
    expect(json.msg).toMatch(problem);
    expect(jimmy.tasks).toEqual([]);
  });
});

test('a truncated image and a wrongly declared one are refused', async ({ client }) => {
  const png = await red().png({ compressionLevel: 0 }).toBuffer();
  const truncated = await client.create({ ...BODY, images: [dataUri(png.subarray(0, png.length / 2))] });
  expect(truncated.json).toMatchObject({ code: '20002', msg: expect.stringMatching(/not an image/) });
  const mislabelled = await client.create({ ...BODY, images: [dataUri(png, 'image/jpeg')] });
  expect(mislabelled.json).toMatchObject({
    code: '20002',
    msg: expect.stringMatching(/declared as image\/jpeg/),
  });
});

test('an own URL with nothing behind it is refused', async ({ jimmy, client }) => {
  const { json } = await client.create({ ...BODY, images: [`${jimmy.baseUrl}/files/uploads/none.png`] });
  expect(json).toMatchObject({ code: '20002', msg: "images.0: can't be fetched" });
});
