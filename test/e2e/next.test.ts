import { MessageFlags } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagine, imagined, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('under a finished reply stands what people do next, in the order of use', async () => {
  expect(labels(await imagined(on, 'a fox'))).toEqual([
    'Again',
    'Edit prompt',
    'Use as reference',
    '2K',
    'Delete',
  ]);
});

test('a resolution that the model does not make in this shape is not offered', async () => {
  const options = { prompt: 'a square fox', model: 'gpt-image-2', ratio: '1:1', resolution: '2k' };
  const message = await image(on.discord.interact.command({ name: 'imagine', options }));
  expect(labels(message)).not.toContain('4K');
});

test('a button answers in time although Discord asks the bot to slow down', async () => {
  const first = await imagined(on, 'a busy fox', { count: 2 });
  const asked = (await press(on, first, '2K').response()).message;
  if (!asked) throw new Error('nothing was asked');
  const route = '/channels/{channel_id}/messages/{message_id}';
  on.discord.faults.rest({ method: 'GET', route, status: 429, retryAfter: 4 });
  await image(press(on, asked, 'Image 1'));
});

describe.each(['in the same process', 'a week and a restart later'])('%s', (when) => {
  const later = async () => {
    if (when === 'in the same process') return;
    await on.advance(WEEK_MS);
    await restart(on);
  };

  test('Again asks for the same, in a new reply that links the first, as often as it is pressed', async () => {
    const prompt = `again ${when}`;
    const first = await imagined(on, prompt);
    await later();
    for (const time of [1, 2]) {
      const second = await image(press(on, first, 'Again'));
      expect(second.id).not.toBe(first.id);
      expect(textOf(second)).toContain(`Made from [this message](${linkTo(first)})`);
      expect(bodies(prompt)).toHaveLength(time + 1);
    }
    expect(new Set(bodies(prompt).map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test('Edit prompt opens the request filled in, and makes what was changed', async () => {
    const prompt = `edited ${when}`;
    const first = await imagined(on, prompt);
    await later();
    const opened = press(on, first, 'Edit prompt');
    const { modal } = await opened.response();
    expect(presets(modal)).toEqual([prompt, ['nano-banana'], ['auto'], ['1k'], []]);
    const changed = await submit(on, opened, {
      prompt: `${prompt}, at night`,
      model: ['gpt-image-2'],
      ratio: ['3:2'],
      resolution: ['2k'],
      quality: ['medium'],
    });
    const second = await image(changed);
    expect(textOf(second)).toContain(`Made from [this message](${linkTo(first)})`);
    expect(bodies(`${prompt}, at night`)).toEqual([
      {
        prompt: `${prompt}, at night`,
        model: 'gpt-image-2',
        ratio: '3:2',
        resolution: '2k',
        quality: 'medium',
      },
    ]);
  });

  test('Use as reference asks what should change, and sends the image along', async () => {
    const first = await imagined(on, `used ${when}`);
    const looks = await looksOf(first);
    await later();
    const opened = press(on, first, 'Use as reference');
    const { modal } = await opened.response();
    expect(JSON.stringify(modal)).toContain('What should change');
    const change = `make it blue, ${when}`;
    await image(await submit(on, opened, { prompt: change }));
    expect(await isAlike(lastReference(change), looks[0])).toBe(true);
  });

  test('2K asks for the same at that resolution, with the image as its reference', async () => {
    const prompt = `larger ${when}`;
    const first = await imagined(on, prompt);
    const looks = await looksOf(first);
    await later();
    const second = await image(press(on, first, '2K'));
    expect(bodies(prompt).at(-1)).toMatchObject({ resolution: '2k', images: [expect.any(String)] });
    expect(await isAlike(lastReference(prompt), looks[0])).toBe(true);
    expect(labels(second)).toContain('4K');
  });

  test('of several images the buttons ask which one', async () => {
    const prompt = `which ${when}`;
    const first = await imagined(on, prompt, { count: 2 });
    const looks = await looksOf(first);
    await later();
    const asked = await press(on, first, 'Use as reference').response();
    if (!asked.message) throw new Error('nothing was asked');
    expect(asked.message.flags).toBe(MessageFlags.Ephemeral);
    expect(labels(asked.message)).toEqual(['Image 1', 'Image 2']);
    const change = `the second one, ${when}`;
    await image(await submit(on, press(on, asked.message, 'Image 2'), { prompt: change }));
    expect(await isAlike(lastReference(change), looks[1])).toBe(true);
    expect(await isAlike(lastReference(change), looks[0])).toBe(false);

    const which = (await press(on, first, '2K').response()).message;
    if (!which) throw new Error('nothing was asked');
    await image(press(on, which, 'Image 1'));
    expect(await isAlike(lastReference(prompt), looks[0])).toBe(true);
  });

  test('Delete takes the reply away: for the owner and for those who manage messages, and nobody else', async () => {
    const { alice, bob, carol } = on.discord.people;
    const own = await imagined(on, `own, deleted ${when}`, { user: carol });
    const moderated = await imagined(on, `moderated ${when}`, { user: carol });
    await later();
    const refused = await press(on, own, 'Delete', bob).response();
    expect(refused.message && textOf(refused.message)).toMatch(/Only <@\d+> and people who manage messages/);
    press(on, own, 'Delete', carol);
    await until(() => !exists(own));
    press(on, moderated, 'Delete', alice);
    await until(() => !exists(moderated));
  });

  test('what the content policy refused can be worded otherwise, with the prompt at hand', async () => {
    const prompt = `refused ${when}`;
    on.jimmyAi.misbehave(
      { kind: 'failed', reason: 'Content policy violation' },
      { when: (request) => request.prompt === prompt },
    );
    const refused = await reply(imagine(on, prompt), /content policy refused this/);
    expect(labels(refused)).toEqual(['Edit prompt', 'Delete']);
    await later();
    const opened = press(on, refused, 'Edit prompt');
    expect(presets((await opened.response()).modal)[0]).toBe(prompt);
    await image(await submit(on, opened, { prompt: `${prompt}, more gently` }));
  });
});

test('a private image stays private in what is made from it, and is not linked', async () => {
  const { bob } = on.discord.people;
  const first = await imagined(on, 'a secret fox', { user: bob, private: true });
  const second = await image(press(on, first, 'Again', bob));
  expect(second.visibleTo).toBe(bob.id);
  expect(textOf(second)).not.toContain('Made from');
});

test('whoever sees an image may make something of it: the new one is theirs', async () => {
  const { bob, carol } = on.discord.people;
  const first = await imagined(on, 'everybody’s fox', { user: bob });
  const second = await image(press(on, first, 'Again', carol));
  const refused = await press(on, second, 'Delete', bob).response();
  expect(refused.message && textOf(refused.message)).toContain(`<@${carol.id}>`);
});

test('several private images can be used a week later, though nobody can look them up', async () => {
  const first = await imagined(on, 'secret foxes', { count: 2, private: true });
  const looks = await looksOf(first);
  await on.advance(WEEK_MS);
  const { message } = await press(on, first, 'Use as reference').response();
  if (!message) throw new Error('nothing was asked');
  expect(message.embeds.map(({ thumbnail }) => thumbnail?.url)).toEqual([
    expect.any(String),
    expect.any(String),
  ]);
  await image(await submit(on, press(on, message, 'Image 2'), { prompt: 'the second secret' }));
  expect(await isAlike(lastReference('the second secret'), looks[1])).toBe(true);
});

test('what was typed is not lost where it can not be made so', async () => {
  const first = await imagined(on, 'a fox to reword');
  const wide = { prompt: 'a long new prompt', model: ['gpt-image-2'], ratio: ['1:1'], resolution: ['4k'] };
  const { message } = await (await submit(on, press(on, first, 'Edit prompt'), wide)).response();
  if (!message) throw new Error('nothing was said');
  expect(textOf(message)).toMatch(/takes only the ratios/);
  await restart(on);
  const opened = press(on, message, 'Edit prompt');
  expect(presets((await opened.response()).modal)).toEqual([
    'a long new prompt',
    ['gpt-image-2'],
    ['1:1'],
    ['4k'],
    ['low'],
  ]);
  await image(await submit(on, opened, { resolution: ['2k'] }));
  expect(bodies('a long new prompt')).toHaveLength(1);
});

test('whoever keeps their own images to themselves does so with what they make of others’', async () => {
  const { bob, carol } = on.discord.people;
  const panel = await on.discord.interact.command({ name: 'settings', user: carol }).answer();
  const onlyMe = { private: ['onlyMe'] };
  await (await submit(on, press(on, panel, 'Change defaults', carol), onlyMe)).response();
  const first = await imagined(on, 'bobs open fox', { user: bob });
  expect((await image(press(on, first, 'Again', carol))).visibleTo).toBe(carol.id);
  press(on, panel, 'Reset', carol);
});

test('reference images are nobody else’s to send along, whatever the prompt says', async () => {
  const { bob } = on.discord.people;
  const bytes = await noise(90, 64).png().toBuffer();
  const options = { prompt: 'with my photo', model: 'nano-banana', reference: { name: 'me.png', bytes } };
  const first = await image(on.discord.interact.command({ name: 'imagine', options }));
  for (const label of ['Again', 'Edit prompt']) {
    const refused = await press(on, first, label, bob).response();
    expect(refused.message && textOf(refused.message)).toMatch(/their own reference images/);
  }
  await image(await submit(on, press(on, first, 'Use as reference', bob), { prompt: 'from the result' }));
});

test('the references of the first request go along again', async () => {
  const bytes = await noise(40, 30).png().toBuffer();
  const options = { prompt: 'with a reference', reference: { name: 'fox.png', bytes } };
  const first = await image(on.discord.interact.command({ name: 'imagine', options }));
  await image(press(on, first, 'Again'));
  expect(lastReference('with a reference')).toMatchObject({ width: 40, height: 30 });
});

/** What was asked of the service with this prompt, oldest first. */
function bodies(prompt: string) {
  return creates(on.jimmyAi).filter((body) => body.prompt === prompt);
}

/** The only reference that the last task with this prompt was given. */
function lastReference(prompt: string) {
  const last = on.jimmyAi.tasks.filter(({ request }) => request.prompt === prompt).at(-1);
  expect(last?.references).toHaveLength(1);
  const [reference] = last?.references ?? [];
  if (!reference) throw new Error('there is no reference');
  return reference;
}

/** What each image of a message looks like, to be recognized in whatever file format. */
function looksOf({ attachments }: Message): Promise<Buffer[]> {
  return Promise.all(attachments.map(async ({ url }) => thumbnail(await (await fetch(url)).arrayBuffer())));
}

/** Whether a reference shows this image. */
async function isAlike({ bytes }: { bytes: Buffer }, look: Buffer | undefined): Promise<boolean> {
  const own = await thumbnail(bytes);
  return own.reduce((sum, value, at) => sum + Math.abs(value - (look?.[at] ?? 0)), 0) / own.length < 4;
}

function thumbnail(bytes: ArrayBuffer | Buffer): Promise<Buffer> {
  return sharp(bytes).removeAlpha().resize(32, 32, { fit: 'fill' }).raw().toBuffer();
}

function exists({ id }: Message): boolean {
  return on.discord.messages().some((message) => message.id === id);
}

function linkTo({ id, channel_id }: Message): string {
  return `https://discord.com/channels/${on.discord.guild.id}/${channel_id}/${id}`;
}

/** What the fields of a modal are filled with. */
function presets(modal: object | undefined): unknown[] {
  const { components = [] } = (modal ?? {}) as { components?: { component: Field }[] };
  return components.map(({ component: { value, options } }) =>
    options ? options.filter((option) => option.default).map((option) => option.value) : value,
  );
}

interface Field {
  value?: string;
  options?: { value: string; default?: boolean }[];
}
