import { ComponentType, InteractionType, MessageFlags } from 'discord.js';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { button, changed, labels, press, remove, submit } from '../support/buttons.ts';
import { imagine, imagined, restart } from '../support/generations.ts';
import { looksOf } from '../support/looks.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
const made: Message[] = [];
beforeAll(async () => {
  on = await startBotOnSandbox();
  for (const prompt of ['a red fox', 'a grey owl', '雪中的狐狸', 'a fox at night']) {
    made.push(await imagined(on, prompt));
  }
  await imagined(on, 'bobs fox', { user: on.discord.people.bob });
  on.jimmyAi.misbehave({ kind: 'failed', reason: 'no' });
  await reply(imagine(on, 'a fox that failed'), /could not make/);
});
afterAll(() => on.close());

test('says so when there are no images, or none that match', async () => {
  expect(textOf(await history({}, on.discord.people.carol).answer())).toMatch(/no images yet/);
  expect(textOf(await history({ search: 'zebra*"' }).answer())).toMatch(/None of your images has “zebra/);
});

describe.each(['in the same process', 'days and a restart later'])('%s', (when) => {
  const later = async () => {
    if (when === 'in the same process') return;
    await on.advance(2 * DAY_MS);
    await restart(on);
  };
  /** Opened, or made, before the restart. */
  let all: Message;
  let foxes: Message;
  let bobs: Message;
  let first: Message;
  let second: Message;
  let looks: Awaited<ReturnType<typeof looksOf>>;
  let starred: string[];
  let favourites: Message;
  let doomed: { message: Message; page: Message; files: string[] };
  beforeAll(async () => {
    const { bob, carol } = on.discord.people;
    all = await shown(history());
    foxes = await shown(history({ search: 'FOX' }));
    bobs = await shown(history({ search: 'bobs' }, bob));
    first = await imagined(on, `first ${when}`, { user: carol });
    second = await imagined(on, `second ${when}`, { user: carol, count: 2 });
    looks = await looksOf(first);
    await imagined(on, `third ${when}`, { user: carol });
    expect(await sizeOf(all)).toEqual([784, 520]);
    starred = [];
    for (const message of [first, second]) starred.push(await told(press(on, message, 'Star', carol)));
    const unsorted = await shown(history({}, carol));
    favourites = await changed(on, unsorted, 'Favourites', /Favourites$/, carol);
    const kept = await keptFiles();
    const message = await imagined(on, `a doomed fox ${when}`, { user: bob });
    const sheet = await shown(history({ search: 'doomed' }, bob));
    const page = await changed(on, sheet, '1', /a doomed fox/, bob);
    doomed = { message, page, files: (await keptFiles()).filter((name) => !kept.includes(name)) };
    await later();
  });

  test('shows my images on one picture, newest first, and each of them with its buttons', async () => {
    const sheet = all;
    expect(sheet.flags).toBe(MessageFlags.Ephemeral);
    expect(textOf(sheet)).toMatch(
      /^\*\*1\*\* .*fox at night · <t:\d+:R>\n\*\*2\*\* 雪中的狐狸.*\n.*grey owl.*\n\*\*4\*\* .*red fox/,
    );
    expect(labels(sheet)).toEqual(['1', '2', '3', '4', 'Newer', 'Older', 'Favourites']);
    const page = await changed(on, sheet, '1', /a fox at night/);
    expect(textOf(page)).toMatch(/a fox at night\n-# <t:\d+:R> · \[jump to it\].*\nNano Banana/s);
    expect(labels(page)).toEqual([
      ...['Again', 'Again ×4', 'Edit prompt', 'Vary (strong)', 'Vary (subtle)'],
      ...['Upscale', 'Remove background', 'Use as reference', 'Redraw in 2K'],
      ...['Star', 'Newer', 'Older', 'Back', 'Remove'],
    ]);
    await changed(on, page, 'Older', /雪中的狐狸/);
    await changed(on, page, 'Older', /a grey owl/);
    const oldest = await changed(on, page, 'Older', /a red fox/);
    expect(() => press(on, oldest, 'Older')).toThrow(/disabled/);
    const owl = await changed(on, oldest, 'Newer', /a grey owl/);
    expect(await picture(owl)).toBe(made[1]?.attachments[0]?.filename);
    expect(owl.attachments).toEqual([]);
    const back = await changed(on, owl, 'Back', /\*\*4\*\*/);
    expect(textOf(back)).toBe(textOf(sheet));
    expect(await sizeOf(back)).toEqual([784, 520]);
  });

  test('finds images by words of their prompts, in any script', async () => {
    expect(textOf(foxes)).toMatch(/\*\*1\*\* .*fox at night.*\n\*\*2\*\* .*red fox[^\n]*\n“FOX”$/);
    const page = await changed(on, foxes, '1', /a fox at night/);
    await changed(on, page, 'Older', /a red fox/);
    expect(textOf(await shown(history({ search: '狐狸' })))).toMatch(/^\*\*1\*\* 雪中的狐狸.*\n“狐狸”$/);
  });

  test('the buttons of a page work on the image that it shows', async () => {
    const { bob } = on.discord.people;
    const page = await changed(on, bobs, '1', /bobs fox/, bob);
    const opened = press(on, page, 'Use as reference', bob);
    const change = `changed ${when}`;
    await image(await submit(on, opened, { prompt: change }));
    const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === change);
    expect(task?.references).toHaveLength(1);
    const [, shownThere] = /\[jump to it\]\((.+?)\)/.exec(textOf(page)) ?? [];
    expect(textOf(await image(press(on, page, 'Again', bob)))).toContain(`(${shownThere})`);
  });

  test('the star under an image makes it a favourite, which /history has alone, and as a ZIP', async () => {
    const { bob, carol } = on.discord.people;
    for (const answer of starred) expect(answer).toMatch(/one of your favourites now/);
    expect(await told(press(on, first, 'Star', bob))).toMatch(/Only <@\d+>/);
    const sheet = favourites;
    expect(textOf(sheet)).toMatch(/^\*\*1\*\* ⭐ second .* · 2 images\n\*\*2\*\* ⭐ first .*\nFavourites$/);
    expect(textOf(await shown(history({ favourites: true }, carol)))).toBe(textOf(sheet));
    // The service has let go of them by then.
    if (when !== 'in the same process') await on.advance(2 * DAY_MS);
    const zip = await reply(press(on, sheet, 'Download as ZIP', carol), /Part 1: 3 images/);
    expect(zip.visibleTo).toBe(carol.id);
    const files = await unzipped(zip);
    expect(Object.keys(files)).toHaveLength(3);
    expect(Object.keys(files)[2]).toMatch(/^\d{4}-\d\d-\d\d-[0-9a-f]{6}-first-.*-nano-banana\.\w+$/);
    const [, , zipped] = Object.values(files);
    expect(await sharp(zipped).removeAlpha().resize(32, 32, { fit: 'fill' }).raw().toBuffer()).toEqual(
      looks[0],
    );
    const page = await changed(on, sheet, '2', /first/, carol);
    await changed(on, page, 'Unstar', /first/, carol);
    await changed(on, page, 'Back', /^\*\*1\*\* ⭐ second [^\n]*\nFavourites$/, carol);
    await told(press(on, second, 'Star', carol));
  });

  test('one image can be removed with its files, after a question', async () => {
    const { bob } = on.discord.people;
    const { message, page, files } = doomed;
    expect(files).toHaveLength(1);
    const others = (await keptFiles()).filter((name) => !files.includes(name));
    const asked = await changed(on, page, 'Remove', /Remove this from your history\?/, bob);
    await changed(on, asked, 'Keep it', /a doomed fox/, bob);
    await changed(on, asked, 'Remove', /Remove this from your history\?/, bob);
    const empty = await changed(on, asked, 'Remove', /None of your images has “doomed”/, bob);
    expect(empty.attachments).toEqual([]);
    expect(await told(press(on, message, 'Again', bob))).toMatch(/This no longer exists/);
    await until(async () => (await keptFiles()).length === others.length);
    expect(await keptFiles()).toEqual(others);
  });
});

test('nine are on a page, and its buttons lead on and back', async () => {
  const { carol } = on.discord.people;
  for (let number = 1; number <= 11; number += 1) await imagined(on, `nr ${number} of many`, { user: carol });
  const first = await shown(history({ search: 'many' }, carol));
  expect(textOf(first)).toMatch(/\*\*1\*\* nr 11 .*\*\*9\*\* nr 3 /s);
  expect(await sizeOf(first)).toEqual([784, 784]);
  expect(() => press(on, first, 'Newer', carol)).toThrow(/disabled/);
  const second = await changed(on, first, 'Older', /\*\*1\*\* nr 2 .*\*\*2\*\* nr 1 /s, carol);
  expect(() => press(on, second, 'Older', carol)).toThrow(/disabled/);
  const page = await changed(on, second, '1', /nr 2 of/, carol);
  await changed(on, page, 'Newer', /nr 3 of/, carol);
  await changed(on, page, 'Back', /\*\*9\*\* nr 3 /, carol);
});

test('a day and a model can be picked, and given up again', async () => {
  await imagined(on, 'a fox of today');
  const sheet = await shown(history());
  const day = menuOf(sheet, 'day');
  expect(day.options.map(({ label }) => label)[0]).toBe('All days');
  expect(day.options.length).toBeGreaterThan(1);
  const pick = (menu: 'day' | 'model', value: string) =>
    on.discord.interact.select({
      message: now(sheet),
      customId: menuOf(now(sheet), menu).custom_id,
      values: [value],
    });
  await pick('day', day.options[1]?.value ?? '').response();
  await until(() => /\(UTC\)$/.test(textOf(now(sheet))));
  expect(textOf(now(sheet))).toMatch(/a fox of today/);
  expect(textOf(now(sheet))).not.toMatch(/grey owl/);
  await pick('model', 'gpt-image-2').response();
  await until(() => /None of your images match/.test(textOf(now(sheet))));
  await pick('model', 'nano-banana').response();
  await until(() => /\(UTC\) · Nano Banana$/.test(textOf(now(sheet))));
  await pick('day', 'all').response();
  await until(() => /grey owl/.test(textOf(now(sheet))));
});

test('a private image is shown, too, to its owner alone, as a small picture once the service has let it go', async () => {
  const { carol } = on.discord.people;
  await imagined(on, 'a secret fox', { user: carol, private: true });
  const sheet = await shown(history({ search: 'secret' }, carol));
  expect(sheet.visibleTo).toBe(carol.id);
  const page = await changed(on, sheet, '1', /a secret fox/, carol);
  expect((await fetch(page.embeds[0]?.image?.url ?? '')).status).toBe(200);
  await on.advance(4 * DAY_MS);
  await changed(on, page, 'Back', /\*\*1\*\*/, carol);
  const small = await changed(on, page, '1', /Only this small preview is left/, carol);
  expect((await sizeOf(small))[0]).toBeLessThanOrEqual(256);
});

test('an image whose reply was deleted can still be used while the service keeps it, and leaves no picture', async () => {
  const { carol } = on.discord.people;
  const kept = await keptFiles();
  const message = await imagined(on, 'a deleted fox', { user: carol });
  await remove(on, message, carol);
  await until(() => !on.discord.messages().some(({ id }) => id === message.id));
  await until(async () => (await keptFiles()).length === kept.length);
  const sheet = await history({ search: 'deleted' }, carol).answer();
  expect(sheet.attachments).toEqual([]);
  const page = await changed(on, sheet, '1', /a deleted fox/, carol);
  expect((await fetch(page.embeds[0]?.image?.url ?? '')).status).toBe(200);
  const opened = press(on, page, 'Use as reference', carol);
  await image(await submit(on, opened, { prompt: 'rescued' }));
  expect(on.jimmyAi.tasks.at(-1)?.references).toHaveLength(1);
  await on.advance(4 * DAY_MS);
  const tooLate = await submit(on, press(on, page, 'Use as reference', carol), { prompt: 'too late' });
  expect((await tooLate.response()).message?.content).toMatch(/can’t be reached any more/);
});

test('images made from a page are private if the first one was', async () => {
  const { carol } = on.discord.people;
  await imagined(on, 'a fox in private messages', { user: carol, channel: on.discord.dm(carol) });
  const sheet = await shown(history({ search: 'private messages' }, carol));
  const page = await changed(on, sheet, '1', /a fox in private messages/, carol);
  for (const label of ['Again', 'Redraw in 2K']) {
    expect((await image(press(on, page, label, carol))).visibleTo).toBe(carol.id);
  }
});

test('a person who packs their favourites again and again is told when they can continue', async () => {
  const { bob } = on.discord.people;
  await told(press(on, await imagined(on, 'a packed fox', { user: bob }), 'Star', bob));
  const sheet = await shown(history({ favourites: true }, bob));
  for (let time = 1; time <= 5; time += 1) {
    await reply(press(on, sheet, 'Download as ZIP', bob), /Part 1: 1 image\./);
  }
  expect(await told(press(on, sheet, 'Download as ZIP', bob))).toMatch(/You can go on <t:\d+:R>/);
});

test('a favourite that is gone everywhere is in the ZIP as its thumbnail', async () => {
  const { carol } = on.discord.people;
  const secret = await imagined(on, 'a starred secret', { user: carol, private: true });
  await told(press(on, secret, 'Star', carol));
  await on.advance(4 * DAY_MS);
  const sheet = await shown(history({ favourites: true }, carol));
  const interaction = press(on, sheet, 'Download as ZIP', carol);
  const [name, small] =
    Object.entries(await unzipped(await reply(interaction, /Part 1: 1 image\./)))[0] ?? [];
  expect(name).toMatch(/a-starred-secret-nano-banana\.webp$/);
  expect((await sharp(small).metadata()).width).toBeLessThanOrEqual(256);
  await on.besides(/1 image can’t be reached/);
});

test('another person’s images are neither shown, nor starred, nor removed by their ids', async () => {
  const { bob, carol } = on.discord.people;
  const sheet = await shown(history({ search: 'bobs' }, bob));
  const page = await changed(on, sheet, '1', /bobs fox/, bob);
  const own = await shown(history({}, carol));
  for (const label of ['Star', 'Newer', 'Older', 'Back', 'Remove']) {
    // As if the message carried it.
    const message = { ...own, components: page.components ?? [] };
    const data = { custom_id: button(page, label), component_type: ComponentType.Button };
    const { channel } = on.discord;
    const forged = on.discord.interact.forge({
      type: InteractionType.MessageComponent,
      user: carol,
      channel,
      message,
      data,
    });
    await forged.response();
    expect(textOf(now(own))).not.toContain('bobs fox');
    const answer = forged.message();
    if (answer) expect(textOf(answer)).not.toContain('bobs fox');
  }
  expect(textOf(await shown(history({ search: 'bobs' }, bob)))).toMatch(/^\*\*1\*\* bobs fox/);
});

function history(options: { search?: string; favourites?: boolean } = {}, user?: User): Interaction {
  return on.discord.interact.command({ name: 'history', options, ...(user && { user }) });
}

/** Of requests that are over, only small pictures are kept here: none has a reference. */
async function keptFiles(): Promise<string[]> {
  return (await on.ledger.files()).toSorted();
}

/** Waits for a page that shows a picture. */
function shown(interaction: Interaction): Promise<Message> {
  return until(() => {
    const message = interaction.message();
    return message?.embeds[0]?.image ? message : undefined;
  });
}

async function told(interaction: Interaction): Promise<string> {
  const { message } = await interaction.response();
  if (!message) throw new Error('nobody was told');
  return textOf(message);
}

function now({ id }: Message): Message {
  const message = on.discord.messages().find((candidate) => candidate.id === id);
  if (!message) throw new Error('the page is gone');
  return message;
}

function menuOf({ components = [] }: Message, about: 'day' | 'model') {
  const parts = components.flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []));
  const menu = parts.find(
    (part) => part.type === ComponentType.StringSelect && part.custom_id.startsWith(`filter:${about}`),
  );
  if (menu?.type !== ComponentType.StringSelect) throw new Error(`there is no menu ${about}`);
  return menu;
}

/** The only picture that a page has brought along, in pixels. */
async function sizeOf({ attachments, embeds }: Message): Promise<number[]> {
  const [{ url, filename } = { url: '', filename: '' }] = attachments;
  expect(embeds[0]?.image?.url).toContain(filename);
  const { width, height } = await sharp(await (await fetch(url)).arrayBuffer()).metadata();
  return [width, height];
}

async function unzipped({ attachments }: Message): Promise<Record<string, Uint8Array>> {
  return unzipSync(new Uint8Array(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer()));
}

/** The name of the file that a page's picture really is. */
async function picture({ embeds }: Message): Promise<string | undefined> {
  const url = embeds[0]?.image?.url ?? '';
  expect((await fetch(url)).status).toBe(200);
  return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
}
