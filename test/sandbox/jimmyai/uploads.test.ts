import { expect } from 'vitest';
import { HOUR_MS, test } from './client.ts';

const BYTES = Buffer.from('some bytes');

test('an upload is described and served back', async ({ jimmy, client }) => {
  const { json } = await client.upload(BYTES, 'Photo.JPG');
  expect(json).toEqual({
    code: '20000',
    msg: 'ok',
    data: {
      url: expect.stringContaining(`${jimmy.baseUrl}/files/uploads/`),
      filename: 'Photo.JPG',
      size: BYTES.length,
      mime_type: 'image/jpeg',
    },
  });
  const response = await fetch(String(json.data?.url));
  expect(response.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
});

test.for(['a.jpg', 'a.jpeg', 'a.png', 'a.gif', 'a.webp', 'a.bmp', 'a.svg'])(
  '%s is taken',
  async (name, { client }) => {
    expect((await client.upload(BYTES, name)).json.code).toBe('20000');
  },
);

test.for(['a.exe', 'a.heic', 'png'])('%s is refused', async (name, { client }) => {
  const { json } = await client.upload(BYTES, name);
  expect(json).toMatchObject({ code: '20002', msg: expect.stringMatching(/type/) });
});

test('an upload without the field is refused', async ({ client }) => {
  const form = new FormData();
  form.set('image', new File([BYTES], 'a.png'));
  const { json } = await client.send('/files/upload', { method: 'POST', body: form });
  expect(json).toMatchObject({ code: '20002', msg: expect.stringMatching(/^file:/) });
});

test('a body that is no multipart form is refused', async ({ client }) => {
  const headers = { 'content-type': 'multipart/form-data; boundary=a' };
  const { json } = await client.send('/files/upload', { method: 'POST', body: 'nonsense', headers });
  expect(json).toMatchObject({ code: '20002', msg: expect.stringMatching(/^body:/) });
});

test('more than 100 MB are refused', async ({ client }) => {
  const { json } = await client.upload(Buffer.alloc(100 * 1024 * 1024 + 1), 'a.png');
  expect(json).toMatchObject({ code: '20002', msg: expect.stringMatching(/100 MB/) });
});

test('an upload is gone after three days', async ({ client, clock }) => {
  const { json } = await client.upload(BYTES, 'a.png');
  clock.advance(73 * HOUR_MS);
  expect((await fetch(String(json.data?.url))).status).toBe(404);
});
