import { afterEach, beforeEach, expect, test } from 'vitest';
import { FILE, FOX, MADE, type OpenAiServer, openAis, startOpenAiServer } from './openai-server.ts';

const NOTHING = { references: [], mask: null };

let server: OpenAiServer;
beforeEach(async () => {
  server = await startOpenAiServer();
});
afterEach(() => server.close());

test('what a server does not know of is left out from then on, where it said so before any work', async () => {
  const openAi = server.client();
  const request = { ...FOX, model: 'some-model' };
  server.answers = [
    { status: 400, body: openAis('unknown_parameter', "Unknown parameter: 'response_format'.") },
    { body: MADE },
  ];
  await openAi.create(request, NOTHING);
  await openAi.create(request, NOTHING);
  expect(server.received.map(({ body }) => JSON.parse(body).response_format)).toEqual([
    'b64_json',
    undefined,
    undefined,
  ]);
});

test('each model behind a gateway is asked as its own service takes it', async () => {
  const openAi = server.client();
  const other = { ...FOX, model: 'grok-imagine-image', ratio: '16:9', resolution: '2k' } as const;
  server.answers = [
    { status: 400, body: { code: '400', error: 'Argument not supported: size' } },
    { body: MADE },
  ];
  await openAi.create(other, NOTHING);
  await openAi.create({ ...FOX, model: 'flux-dev' }, NOTHING);
  const shapes = server.received.map(({ body }) => {
    const { size, aspect_ratio, resolution } = JSON.parse(body);
    return { size, aspect_ratio, resolution };
  });
  expect(shapes).toEqual([
    { size: '2688x1536' },
    { aspect_ratio: '16:9', resolution: '2k' },
    { size: '1024x1024' },
  ]);
});

test.each([
  "Invalid size '1024x1024': the width must be at least 1536 pixels.",
  'size not supported for this image model',
  'The image is too large.',
])('the shape that was asked for is never left out of a request: %s', async (message) => {
  server.answers = [{ status: 400, body: openAis(null, message) }];
  await expect(server.create()).rejects.toMatchObject({ kind: 'parameters', charged: 'no' });
  expect(server.received).toHaveLength(1);
});

test('a server that refuses one form after the other is not asked without end', async () => {
  const words =
    'Unknown parameter: response_format, size, image, image[]. Supported sizes: 1024x768, 1536x1024.';
  server.answers = [{ status: 400, body: openAis('unknown_parameter', words) }];
  const request = server.create({ ...FOX, model: 'flux-dev', ratio: '3:2' }, [FILE, FILE]);
  await expect(request).rejects.toMatchObject({ kind: 'parameters', charged: 'no' });
  expect(server.received.length).toBeLessThan(7);
});

test('several references go by the name that the server takes; one alone by the name that all take', async () => {
  const openAi = server.client();
  server.answers = [
    { body: MADE },
    { status: 400, body: openAis(null, 'image: field required') },
    { body: MADE },
  ];
  await openAi.create(FOX, { references: [FILE], mask: null });
  await openAi.create(FOX, { references: [FILE, FILE], mask: null });
  const names = server.received.map(({ body }) =>
    [...body.matchAll(/name="(image[^"]*)"/g)].map(([, name]) => name),
  );
  expect(names).toEqual([['image'], ['image[]', 'image[]'], ['image', 'image']]);
  expect(server.received[0]).toMatchObject({
    path: '/v1/images/edits',
    type: expect.stringMatching(/^multipart/),
  });
});

test('a single reference goes as one of several where the server asks for that', async () => {
  const openAi = server.client();
  server.answers = [{ status: 400, body: { error: 'at least one image[] required' } }, { body: MADE }];
  await openAi.create(FOX, { references: [FILE], mask: null });
  await openAi.create(FOX, { references: [FILE], mask: null });
  const names = server.received.map(({ body }) => /name="(image[^"]*)"/.exec(body)?.[1]);
  expect(names).toEqual(['image', 'image[]', 'image[]']);
});
