import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, stopWaiting } from '../support/buttons.ts';
import { noise } from '../support/pictures.ts';

const MAY_BE_CHARGED = /may or may not have been charged/;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ api: 'openai', env: { CONFIRM_ABOVE: '4' } });
});
afterAll(() => on.close());

describe('by images/generations', () => {
  test('an image arrives that came as bytes in the answer, in pixels of the shape that was asked for', async () => {
    const message = await image(imagine('a fox', { model: 'gpt-image-2', ratio: '3:2', resolution: '2k' }));
    const { width, height } = await sharp(await bytesOf(message)).metadata();
    expect(width / height).toBeCloseTo(3 / 2, 1);
    expect(bodyOf('a fox')).toEqual({
      model: 'gpt-image-2',
      prompt: 'a fox',
      quality: 'low',
      size: '2512x1680',
    });
    expect(textOf(message)).toMatch(/^a fox\nGPT Image 2 · 3:2 · 2K · Low · \d+ s$/);
  });

  test('a model that nothing is known of is asked for bytes, and its address is taken all the same', async () => {
    on.jimmyAi.misbehave({ kind: 'other-url', url: '{url}' });
    const message = await image(imagine('a hosted fox', { model: 'flux-dev' }));
    expect(bodyOf('a hosted fox')).toEqual({
      model: 'flux-dev',
      prompt: 'a hosted fox',
      response_format: 'b64_json',
    });
    expect(message.attachments[0]?.filename).toBe('a-hosted-fox-flux-dev.png');
  });

  test('an answer in the envelope of the service’s own endpoints is read, too', async () => {
    on.jimmyAi.misbehave({ kind: 'wrapped', as: 'envelope' });
    await image(imagine('a wrapped fox'));
  });

  test.each(['event-stream', 'json-lines', 'file', 'heartbeats'] as const)(
    'an image that comes as %s arrives whole, though nobody asked for that form',
    async (as) => {
      on.jimmyAi.misbehave({ kind: 'other-form', as });
      const message = await image(imagine(`a fox as ${as}`));
      // A preview, or a part of the image, would be named as that.
      expect(textOf(message)).toMatch(/^a fox as [\w-]+\nGPT Image 2 · [^\n]+$/);
      await sharp(await bytesOf(message))
        .raw()
        .toBuffer();
    },
  );

  test.each([
    // By its own fields where the server has no sizes in pixels.
    [
      'grok-imagine-image',
      { ratio: '16:9', resolution: '2k' },
      { aspect_ratio: '16:9', resolution: '2k' },
      16 / 9,
    ],
    // By the nearest of the sizes that the refusal lists.
    ['imagen-4', { ratio: '16:9' }, { size: '1792x1024' }, 1792 / 1024],
  ])(
    'the shape for %s goes as its server takes it, at once from the second image on',
    async (model, shape, sent, aspect) => {
      await image(imagine(`a first fox by ${model}`, { model, ...shape }));
      const message = await image(imagine(`a second fox by ${model}`, { model, ...shape }));
      const { width, height } = await sharp(await bytesOf(message)).metadata();
      expect(width / height).toBeCloseTo(aspect, 1);
      expect(createsOf(`a first fox by ${model}`)).toHaveLength(2);
      expect(createsOf(`a second fox by ${model}`)).toEqual([expect.objectContaining(sent)]);
    },
  );

  test('a shape that no size of the server is near to is refused for nothing, with its words', async () => {
    const message = await reply(
      imagine('a tall fox', { model: 'imagen-4', ratio: '1:3' }),
      /refused the request/,
    );
    expect(textOf(message)).toContain('1024x1792');
    expect(textOf(message)).toContain('Nothing was charged');
    expect(labels(message)).toContain('Edit prompt');
  });

  test('four images of one reply are made at the same time', async () => {
    const message = await images(imagine('four foxes', { count: 4 }), 4);
    expect(textOf(message)).toContain('four foxes');
  });

  test('Again and Use as reference work on it as on any other', async () => {
    const message = await image(imagine('a fox for more'));
    await image(press(on, message, 'Again'));
    expect(labels(message)).toContain('Use as reference');
  });
});

describe('by images/edits', () => {
  test.each([1, 3])('%s references go along as files of the form', async (count) => {
    const bytes = await noise(300, 200).png().toBuffer();
    const references = Array.from({ length: count }, (_, index) => ({ name: `${index + 1}.png`, bytes }));
    const prompt = `with ${count}`;
    await image(imagine(prompt, { model: 'gpt-image-1.5', ...asOptions(references) }));
    const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
    expect(task?.references).toHaveLength(count);
    expect(task?.references[0]).toMatchObject({ source: 'file', width: 300, height: 200, hasExif: false });
    expect(on.jimmyAi.requests.filter(({ path }) => path.endsWith('/files/upload'))).toEqual([]);
  });
});

test('a single reference goes by the name that the server asks for', async () => {
  const bytes = await noise(300, 200).png().toBuffer();
  const references = asOptions([{ name: '1.png', bytes }]);
  await image(imagine('a stable fox', { model: 'stable-diffusion', ...references }));
  expect(createsOf('a stable fox')).toHaveLength(1);
});

describe('no image comes', () => {
  test('of a prompt that the safety system refuses: the words are shown, and nothing is tried again', async () => {
    on.jimmyAi.misbehave({ kind: 'failed', reason: 'content_policy_violation' });
    const interaction = imagine('a refused fox');
    const message = await reply(interaction, /content policy doesn’t allow this/);
    expect(textOf(message)).toContain('rejected by the safety system');
    expect(createsOf('a refused fox')).toHaveLength(1);
  });

  test.each([
    ['an edge gives up with a page of 504 while the work goes on', { kind: 'html', status: 504 }],
    ['the connection is cut', { kind: 'dropped' }],
    ['the server fails inside', { kind: 'error-code', code: 'server_error', msg: 'sorry', status: 500 }],
    ['a success holds no image', { kind: 'html', status: 200 }],
  ] as const)('where %s: it may have been charged, and is not sent again', async (what, fault) => {
    on.jimmyAi.misbehave({ ...fault, at: 'create', created: true });
    const message = await reply(imagine(what), MAY_BE_CHARGED);
    expect(labels(message)).toContain('Try again');
    expect(createsOf(what)).toHaveLength(1);
  });

  test('at first where the server has too many requests: it is sent once more', async () => {
    on.jimmyAi.misbehave({ kind: 'too-many-requests', retryAfterSeconds: 1, form: 'seconds', at: 'create' });
    await image(imagine('a patient fox'));
    expect(createsOf('a patient fox')).toHaveLength(2);
  });

  test('of what the server refuses for its fields: nothing was charged', async () => {
    const error = { code: 'invalid_value', msg: 'Invalid value.', status: 400 };
    on.jimmyAi.misbehave({ kind: 'error-code', ...error, at: 'create' });
    await reply(imagine('an invalid fox'), /refused the request: .*Nothing was charged/s);
  });
});

describe('while the create waits for the image', () => {
  test('the reply says that it is made, and who stops waiting still gets what is paid for', async () => {
    on.jimmyAi.misbehave({ kind: 'slow', factor: 1000 });
    const interaction = imagine('a fox that nobody waits for');
    const message = await reply(interaction, /started/);
    // The reply says so before the create arrives.
    await until(() =>
      on.jimmyAi.tasks.some(({ request }) => request.prompt === 'a fox that nobody waits for'),
    );
    await stopWaiting(on, message);
    await on.advance(5 * 60_000);
    await image(interaction);
    expect(createsOf('a fox that nobody waits for')).toHaveLength(1);
  });

  test('after kill -9 it is never sent again, and the reply says that nobody knows', async () => {
    on.jimmyAi.misbehave({ kind: 'stuck' });
    const interaction = imagine('an uncertain fox');
    await until(() => createsOf('an uncertain fox').length === 1);
    await on.bot().stop('SIGKILL');
    await on.start();
    await reply(interaction, MAY_BE_CHARGED);
    expect(createsOf('an uncertain fox')).toHaveLength(1);
  });

  test('a restart is announced, and leaves it uncertain', async () => {
    on.jimmyAi.misbehave({ kind: 'stuck' });
    const interaction = imagine('a restarted fox');
    await until(() => createsOf('a restarted fox').length === 1);
    await on.bot().stop('SIGTERM');
    await on.start();
    await reply(interaction, MAY_BE_CHARGED);
    expect(createsOf('a restarted fox')).toHaveLength(1);
  });
});

describe('what such a service does not tell', () => {
  test('/balance says that there is no balance to be told', async () => {
    on.discord.handOverTo({ owner: on.discord.people.alice });
    const { alice: user } = on.discord.people;
    const interaction = on.discord.interact.command({ name: 'balance', user, channel: on.discord.dm(user) });
    await reply(interaction, /tells no balance/);
  });

  test('an account without credit holds requests back all the same', async () => {
    on.jimmyAi.misbehave({ kind: 'out-of-credit', at: 'create' });
    await reply(imagine('a poor fox'), /out of credit/);
    await on.besides(/credit is gone/);
  });
});

type Options = Parameters<BotOnSandbox['discord']['interact']['command']>[0]['options'];

function imagine(prompt: string, options: Options = {}): Interaction {
  return on.discord.interact.command({ name: 'imagine', options: { prompt, ...options } });
}

function asOptions(references: readonly { name: string; bytes: Buffer }[]): Options {
  const names = ['reference', 'reference_2', 'reference_3', 'reference_4'];
  return Object.fromEntries(references.map((reference, index) => [names[index], reference]));
}

function createsOf(prompt: string): Record<string, unknown>[] {
  return on.jimmyAi.requests
    .filter(({ method, path }) => method === 'POST' && path.startsWith('/v1/images/'))
    .map(({ body }) => body as Record<string, unknown>)
    .filter((body) => body?.prompt === prompt);
}

function bodyOf(prompt: string): Record<string, unknown> | undefined {
  return createsOf(prompt)[0];
}

async function bytesOf({ attachments }: Message): Promise<Buffer> {
  return Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer());
}
