import { MessageFlags } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { KEPT_IMAGE } from '../../src/services/ledger/rows.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
  uploadsTo,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';
import { isAlike, looksOf } from '../support/looks.ts';
import { noise } from '../support/pictures.ts';
import { pricesRead } from '../support/prices.ts';
import { answer } from '../support/rules.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
  await pricesRead(on);
});
afterAll(() => on.close());

describe('Upscale, under a result', () => {
  test('asks how much larger, says what it costs, and makes the same picture larger', async () => {
    const first = await imagined(on, 'a fox to enlarge');
    const { width, height } = sizeOf(first);
    const asked = await question(press(on, first, 'Upscale'));
    expect(asked.flags).toBe(MessageFlags.Ephemeral);
    expect(textOf(asked)).toMatch(/same picture.*It costs about 0\.02 coins\./);
    expect(labels(asked)).toEqual([2, 4].map((by) => `×${by} · ${width * by} × ${height * by}`));
    const made = await image(press(on, asked, labels(asked)[0] ?? ''));
    expect(made.attachments).toMatchObject([
      {
        width: width * 2,
        height: height * 2,
        filename: 'a-fox-to-enlarge-upscaled-x2.webp',
        description: 'a fox to enlarge',
      },
    ]);
    const [look] = await looksOf(first);
    expect(await isAlike({ bytes: await download(made) }, look)).toBe(true);
    expect(textOf(made)).toMatch(/a fox to enlarge\n.*Made from \[this message\].*\nUpscaled ×2 · \d+ s$/s);
    expect(labels(made)).toEqual(['Remove background', 'Use as reference', 'Star', 'Delete']);
    expect(on.jimmyAi.toolCalls.at(-1)).toMatchObject({ tool: 'upscale', coins: 0.02 });
  });

  test('of several images it is offered for the one that is shown alone', async () => {
    const first = await imagined(on, 'two foxes to enlarge', { count: 2 });
    const looks = await looksOf(first);
    const alone = await question(press(on, first, 'U2'));
    const asked = await question(press(on, alone, 'Upscale'));
    expect(labels(asked)).toEqual(['×2', '×4']);
    const made = await image(press(on, asked, '×4'));
    expect(await isAlike({ bytes: await download(made) }, looks[1])).toBe(true);
    expect(await isAlike({ bytes: await download(made) }, looks[0])).toBe(false);
  });

  test('one press makes one picture', async () => {
    const asked = await question(press(on, await imagined(on, 'pressed twice'), 'Upscale'));
    const label = labels(asked)[0] ?? '';
    const before = on.jimmyAi.toolCalls.length;
    const both = [press(on, asked, label), press(on, asked, label)];
    await Promise.race(both.map(image));
    await until(() => both.every((pressed) => pressed.message()));
    expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
  });
});

describe('Upscale, on anyone’s message', () => {
  test('takes its image, and goes on as a reply of its own that links it', async () => {
    const message = await post(60, 40);
    const made = await enlarge(on.discord.interact.messageMenu({ message, name: 'Upscale' }));
    expect(made.attachments).toMatchObject([{ width: 120, height: 80 }]);
    expect(textOf(made)).toContain('An image from a message');
    expect(textOf(made)).toContain(`${message.channel_id}/${message.id}`);
  });

  test('keeps what is transparent', async () => {
    const bytes = await sharp({
      create: { width: 30, height: 30, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const { bob } = on.discord.people;
    const message = await on.discord.say({
      user: bob,
      channel: on.discord.channel,
      files: [{ name: 'a.png', bytes }],
    });
    const made = await enlarge(on.discord.interact.messageMenu({ message, name: 'Upscale' }));
    expect((await sharp(await download(made)).metadata()).hasAlpha).toBe(true);
  });

  test('what is as large as it can get is not asked about', async () => {
    const bytes = await sharp({ create: { width: 4200, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const { bob } = on.discord.people;
    const message = await on.discord.say({
      user: bob,
      channel: on.discord.channel,
      files: [{ name: 'a.png', bytes }],
    });
    const said = await question(on.discord.interact.messageMenu({ message, name: 'Upscale' }));
    expect(textOf(said)).toBe('That image is as large as it can get here.');
  });

  test('a message without an image says so', async () => {
    const { bob } = on.discord.people;
    const message = await on.discord.say({ user: bob, channel: on.discord.channel, content: 'no image' });
    const said = await question(on.discord.interact.messageMenu({ message, name: 'Upscale' }));
    expect(textOf(said)).toBe('There is no image in that message that can be used.');
  });
});

describe('what the service answers', () => {
  test('the picture in the answer itself is kept, and shown', async () => {
    on.jimmyAi.misbehave({ kind: 'inline-image', as: 'b64_json' }, { tool: true });
    const made = await enlarge(await menu());
    expect(made.attachments).toMatchObject([{ width: 120, height: 80 }]);
    await until(() => lastTask()?.state === 'delivered');
    expect(lastTask()).toMatchObject({ image_url: KEPT_IMAGE, cost: 0.02 });
  });

  test.each([
    ['a 504 while the work goes on', { kind: 'html', status: 504, at: 'tool', made: true }],
    ['a cut connection', { kind: 'dropped', at: 'tool', made: true }],
    ['a page of HTML', { kind: 'html', at: 'tool', made: true }],
  ] as const)('%s is told as what may have been charged, and not sent again', async (_, misbehaviour) => {
    const before = on.jimmyAi.toolCalls.length;
    on.jimmyAi.misbehave(misbehaviour);
    const ended = await reply(await begin(await menu()), /may or may not have been charged/);
    expect(labels(ended)).toEqual(['Try again', 'Delete']);
    expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
    expect(lastTask()).toMatchObject({ state: 'unconfirmed' });
    const again = await image(press(on, ended, 'Try again'));
    expect(again.attachments).toMatchObject([{ width: 120, height: 80 }]);
    expect(on.jimmyAi.toolCalls).toHaveLength(before + 2);
  });

  test('a picture that comes with an error code is shown, and not made again', async () => {
    const before = on.jimmyAi.toolCalls.length;
    on.jimmyAi.misbehave({ kind: 'error-code', code: '-1', msg: 'server error', at: 'tool', made: true });
    await enlarge(await menu());
    expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
  });

  test('a refusal in the service’s own words is given back', async () => {
    on.jimmyAi.misbehave({ kind: 'error-code', code: '20002', msg: 'no such picture', at: 'tool' });
    const charges = count('charges');
    const ended = await reply(await begin(await menu()), /refused this image.*Nothing was charged/s);
    expect(textOf(ended)).toContain('no such picture');
    expect(labels(ended)).toEqual(['Delete']);
    expect(count('charges')).toBe(charges);
  });

  test('a source that cannot be lent to the service costs nothing', async () => {
    on.jimmyAi.misbehave({ kind: 'upload-missing', at: 'upload' });
    const ended = await reply(await begin(await menu()), /is down.*Nothing was charged/s);
    expect(labels(ended)).toEqual(['Try again', 'Delete']);
  });
});

test('after kill -9 while the tool works it is not called again by itself', async () => {
  const before = on.jimmyAi.toolCalls.length;
  on.jimmyAi.misbehave({ kind: 'hang', at: 'tool', made: true });
  const asking = await begin(await menu());
  const waiting = await reply(asking, /Your image is being enlarged/);
  expect(labels(waiting)).toEqual([]);
  await until(() => on.jimmyAi.toolCalls.length > before);
  await restart(on);
  await reply(asking, /may or may not have been charged/);
  expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
});

test('after kill -9 before it was sent, and once it is made, it goes on', async () => {
  const uploadsBefore = uploadsTo(on.jimmyAi);
  on.jimmyAi.misbehave({ kind: 'hang', at: 'upload' });
  const unsent = await begin(await menu());
  await until(() => uploadsTo(on.jimmyAi) > uploadsBefore && lastTask()?.state === 'reserved');
  await restart(on);
  await image(unsent);

  const ids = on.jimmyAi.toolCalls.length;
  const mend = on.discord.faults.rest({ method: 'PATCH', status: 500, times: 10_000 });
  const made = await begin(await menu());
  await until(() => on.jimmyAi.toolCalls.length > ids && lastTask()?.state === 'completed');
  await on.bot().stop('SIGKILL');
  mend();
  await on.start();
  await image(made);
  expect(on.jimmyAi.toolCalls).toHaveLength(ids + 1);
});

test('after kill -9 a picture that came in the answer is there still', async () => {
  const before = on.jimmyAi.toolCalls.length;
  on.jimmyAi.misbehave({ kind: 'inline-image', as: 'b64_json' }, { tool: true });
  const mend = on.discord.faults.rest({ method: 'PATCH', status: 500, times: 10_000 });
  const asking = await begin(await menu());
  await until(() => on.jimmyAi.toolCalls.length > before && lastTask()?.state === 'completed');
  expect(lastTask()).toMatchObject({ image_url: KEPT_IMAGE, image_file: expect.stringMatching(/\.webp$/) });
  await on.bot().stop('SIGKILL');
  mend();
  await on.start();
  expect((await image(asking)).attachments).toMatchObject([{ width: 120, height: 80 }]);
  expect(on.jimmyAi.toolCalls).toHaveLength(before + 1);
});

test('what it cost stands in /balance, and in Image details', async () => {
  const made = await enlarge(await menu());
  const { olivia: user } = on.discord.people;
  const asked = on.discord.interact.command({ name: 'balance', user, channel: on.discord.dm(user) });
  expect(textOf(await reply(asked, /Spent/))).toMatch(/Upscale · \d+ images · /);
  const details = await question(on.discord.interact.messageMenu({ message: made, name: 'Image details' }));
  expect(textOf(details)).toContain('Cost 0.02 coins');
  expect(labels(details)).toEqual(['Remove background', 'Use as reference']);
});

async function question(asking: Interaction): Promise<Message> {
  return answer(asking);
}

async function menu(): Promise<Interaction> {
  return on.discord.interact.messageMenu({ message: await post(60, 40), name: 'Upscale' });
}

/** Picks the smallest factor. */
async function begin(asking: Interaction): Promise<Interaction> {
  const asked = await question(asking);
  return press(on, asked, labels(asked)[0] ?? '');
}

async function enlarge(asking: Interaction): Promise<Message> {
  return image(await begin(asking));
}

async function post(width: number, height: number): Promise<Message> {
  const bytes = await noise(width, height).png().toBuffer();
  const { bob } = on.discord.people;
  return on.discord.say({ user: bob, channel: on.discord.channel, files: [{ name: 'owl.png', bytes }] });
}

async function download({ attachments }: Message): Promise<Buffer> {
  return Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer());
}

function sizeOf({ attachments }: Message) {
  const { width, height } = attachments[0] ?? {};
  return { width: width ?? 0, height: height ?? 0 };
}

function lastTask() {
  return query('SELECT tasks.* FROM tasks ORDER BY id DESC LIMIT 1');
}

function count(table: string): unknown {
  return query(`SELECT count(*) AS rows FROM ${table}`)?.rows;
}

function query(sql: string) {
  return rowsIn(on.databasePath, sql)[0];
}
