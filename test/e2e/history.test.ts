import { MessageFlags } from 'discord.js';
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
import { button, labels, press, remove, submit } from '../support/buttons.ts';
import { imagine, imagined, restart } from '../support/generations.ts';

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

describe.each(['in the same process', 'days and a restart later'])('%s', (when) => {
  const later = async () => {
    if (when === 'in the same process') return;
    await on.advance(2 * DAY_MS);
    await restart(on);
  };

  test('shows my images, newest first, a page each, with the image and its buttons', async () => {
    const page = await shown(history());
    expect(page.flags).toBe(MessageFlags.Ephemeral);
    expect(textOf(page)).toMatch(/a fox at night\n-# <t:\d+:R> · \[jump to it\].*\n1 of 4 · Nano Banana/s);
    expect(labels(page)).toEqual(['Again', 'Edit prompt', 'Use as reference', '2K', 'Newer', 'Older']);
    await later();
    await turn(page, 'Older');
    await turned(page, /雪中的狐狸/);
    await turn(page, 'Older');
    await turn(await turned(page, /a grey owl/), 'Older');
    const oldest = await turned(page, /a red fox/);
    expect(textOf(oldest)).toContain('4 of 4');
    expect(() => press(on, oldest, 'Older')).toThrow(/disabled/);
    await turn(oldest, 'Newer');
    await turned(page, /a grey owl/);
    expect(await picture(current(page))).toBe(made[1]?.attachments[0]?.filename);
  });

  test('finds images by words of their prompts, in any script', async () => {
    const page = await shown(history({ search: 'FOX' }));
    expect(textOf(page)).toMatch(/a fox at night.*1 of 2/s);
    await later();
    await turn(page, 'Older');
    expect(textOf(await turned(page, /a red fox/))).toContain('2 of 2');
    expect(textOf(await shown(history({ search: '狐狸' })))).toMatch(/雪中的狐狸.*1 of 1/s);
  });

  test('the buttons of a page work on the image that it shows', async () => {
    const { bob } = on.discord.people;
    const page = await shown(history({ search: 'bobs' }, bob));
    await later();
    const opened = press(on, page, 'Use as reference', bob);
    const change = `changed ${when}`;
    await image(await submit(on, opened, { prompt: change }));
    const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === change);
    expect(task?.references).toHaveLength(1);
    const [, shownThere] = /\[jump to it\]\((.+?)\)/.exec(textOf(page)) ?? [];
    expect(textOf(await image(press(on, page, 'Again', bob)))).toContain(`(${shownThere})`);
  });
});

test('says so where there is nothing, or nothing like that', async () => {
  expect(textOf(await answered(history({}, on.discord.people.carol)))).toMatch(/no images yet/);
  expect(textOf(await answered(history({ search: 'zebra*"' })))).toMatch(/None of your images has “zebra/);
});

test('a private image is shown, too, while the service keeps it', async () => {
  const { carol } = on.discord.people;
  await imagined(on, 'a secret fox', { user: carol, private: true });
  const page = await shown(history({ search: 'secret' }, carol));
  expect((await fetch(page.embeds[0]?.image?.url ?? '')).status).toBe(200);
});

test('an image whose reply was deleted can still be used while the service keeps it', async () => {
  const { carol } = on.discord.people;
  const message = await imagined(on, 'a deleted fox', { user: carol });
  await remove(on, message, carol);
  await until(() => !on.discord.messages().some(({ id }) => id === message.id));
  const page = await answered(history({}, carol));
  expect(textOf(page)).toMatch(/a deleted fox/);
  expect((await fetch(page.embeds[0]?.image?.url ?? '')).status).toBe(200);
  const opened = press(on, page, 'Use as reference', carol);
  await image(await submit(on, opened, { prompt: 'rescued' }));
  expect(on.jimmyAi.tasks.at(-1)?.references).toHaveLength(1);
  await on.advance(4 * DAY_MS);
  const tooLate = await submit(on, press(on, page, 'Use as reference', carol), { prompt: 'too late' });
  expect((await tooLate.response()).message?.content).toMatch(/can’t be reached any more/);
});

test('what is made from a page is shown to nobody else where the image was not', async () => {
  const { carol } = on.discord.people;
  await imagined(on, 'a fox in private messages', { user: carol, channel: on.discord.dm(carol) });
  const page = await shown(on.discord.interact.command({ name: 'history', user: carol }));
  for (const label of ['Again', '2K']) {
    expect((await image(press(on, page, label, carol))).visibleTo).toBe(carol.id);
  }
});

function history(options: { search?: string } = {}, user?: User): Interaction {
  return on.discord.interact.command({ name: 'history', options, ...(user && { user }) });
}

async function answered(interaction: Interaction): Promise<Message> {
  return interaction.answer();
}

/** Waits for a page that shows a picture. */
function shown(interaction: Interaction): Promise<Message> {
  return until(() => {
    const message = interaction.message();
    return message?.embeds[0]?.image ? message : undefined;
  });
}

async function turn(page: Message, label: string): Promise<void> {
  const now = current(page);
  await on.discord.interact.click({ message: now, customId: button(now, label) }).response();
}

function turned(page: Message, reads: RegExp): Promise<Message> {
  return until(() => (reads.test(textOf(current(page))) ? current(page) : undefined));
}

function current({ id }: Message): Message {
  const message = on.discord.messages().find((candidate) => candidate.id === id);
  if (!message) throw new Error('the page is gone');
  return message;
}

/** The name of the file that a page's picture really is. */
async function picture({ embeds }: Message): Promise<string | undefined> {
  const url = embeds[0]?.image?.url ?? '';
  expect((await fetch(url)).status).toBe(200);
  return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
}
