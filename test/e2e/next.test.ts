import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { buttonRows } from '../../src/commands/components.ts';
import { decodeCustomId } from '../../src/commands/custom-id.ts';
import { redrawPrompt } from '../../src/services/request/redraw.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { button, labels, press, remove, submit } from '../support/buttons.ts';
import { filledIn } from '../support/filled-in.ts';
import { imagine, imagined, restart, stored } from '../support/generations.ts';
import { isAlike, lastReference, looksOf } from '../support/looks.ts';
import { noise } from '../support/pictures.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('a finished reply has buttons for the next steps, the most used first', async () => {
  expect(labels(await imagined(on, 'a fox'))).toEqual([
    ...['Again', 'Again ×4', 'Edit prompt', 'Vary (strong)', 'Vary (subtle)'],
    ...['Upscale', 'Remove background', 'Use as reference', 'Redraw in 2K', 'Star', 'Delete'],
  ]);
});

test('a resolution that the model does not make in this shape is not offered', async () => {
  const options = { prompt: 'a square fox', model: 'gpt-image-2', ratio: '1:1', resolution: '2k' };
  const message = await image(on.discord.interact.command({ name: 'imagine', options }));
  expect(labels(message)).not.toContain('Redraw in 4K');
});

test('a button answers in time although Discord asks the bot to slow down', async () => {
  const first = await imagined(on, 'a busy fox', { count: 2 });
  const alone = (await press(on, first, 'U1').response()).message;
  if (!alone) throw new Error('nothing was shown');
  const route = '/channels/{channel_id}/messages/{message_id}';
  on.discord.faults.rest({ method: 'GET', route, status: 429, retryAfter: 4 });
  await image(press(on, alone, 'Redraw in 2K'));
});

describe.each(['in the same process', 'a week and a restart later'])('%s', (when) => {
  /** Made before the restart, by what is done with them after it. */
  const made = new Map<string, Message>();
  const looks = new Map<string, Awaited<ReturnType<typeof looksOf>>>();
  beforeAll(async () => {
    const { carol } = on.discord.people;
    for (const what of ['again', 'edited', 'used', 'larger'])
      made.set(what, await imagined(on, `${what} ${when}`));
    made.set('which', await imagined(on, `which ${when}`, { count: 2 }));
    for (const what of ['used', 'larger', 'which']) looks.set(what, await looksOf(madeFor(what)));
    for (const what of ['own, deleted', 'moderated', 'deleted for good', 'deleted by two'])
      made.set(what, await imagined(on, `${what} ${when}`, { user: carol }));
    const prompt = `refused ${when}`;
    on.jimmyAi.misbehave(
      { kind: 'failed', reason: 'Content policy violation' },
      { when: (request) => request.prompt === prompt },
    );
    made.set('refused', await reply(imagine(on, prompt), /content policy doesn’t allow this/));
    if (when === 'in the same process') return;
    await on.advance(WEEK_MS);
    await restart(on);
  });

  function madeFor(what: string): Message {
    const message = made.get(what);
    if (!message) throw new Error(`nothing was made to be ${what}`);
    return message;
  }

  test('Again asks for the same, in a new reply that links the first, as often as it is pressed', async () => {
    const prompt = `again ${when}`;
    const first = madeFor('again');
    for (const time of [1, 2]) {
      const second = await image(press(on, first, 'Again'));
      expect(second.id).not.toBe(first.id);
      expect(textOf(second)).toContain(`Made from [this message](${linkTo(first)})`);
      expect(createsOf(on.jimmyAi, prompt)).toHaveLength(time + 1);
    }
    expect(new Set(createsOf(on.jimmyAi, prompt).map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test('Edit prompt opens the request filled in, and makes what was changed', async () => {
    const prompt = `edited ${when}`;
    const first = madeFor('edited');
    const opened = press(on, first, 'Edit prompt');
    const { modal } = await opened.response();
    expect(filledIn(modal)).toEqual({
      prompt: [prompt],
      model: ['nano-banana'],
      ratio: ['auto'],
      options: ['count:1', 'resolution:1k'],
    });
    const changed = await submit(on, opened, {
      prompt: `${prompt}, at night`,
      model: ['gpt-image-2'],
      ratio: ['3:2'],
      options: ['count:1', 'resolution:2k', 'quality:medium'],
    });
    const second = await image(changed);
    expect(textOf(second)).toContain(`Made from [this message](${linkTo(first)})`);
    expect(createsOf(on.jimmyAi, `${prompt}, at night`)).toEqual([
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
    const opened = press(on, madeFor('used'), 'Use as reference');
    const { modal } = await opened.response();
    expect(JSON.stringify(modal)).toContain('What should change');
    const change = `make it blue, ${when}`;
    await image(await submit(on, opened, { prompt: change }));
    expect(await isAlike(lastReference(on.jimmyAi, change), looks.get('used')?.[0])).toBe(true);
  });

  test('Redraw has the model reproduce the image at that resolution, with the image as its reference', async () => {
    const prompt = `larger ${when}`;
    const second = await image(press(on, madeFor('larger'), 'Redraw in 2K'));
    const redrawn = redrawPrompt(prompt);
    expect(createsOf(on.jimmyAi, redrawn)).toMatchObject([
      { resolution: '2k', images: [expect.any(String)] },
    ]);
    expect(await isAlike(lastReference(on.jimmyAi, redrawn), looks.get('larger')?.[0])).toBe(true);
    expect(labels(second)).toContain('Redraw in 4K');
  });

  test('buttons of earlier versions that stand under several images ask which one', async () => {
    const prompt = `which ${when}`;
    const first = madeFor('which');
    const [one, two] = looks.get('which') ?? [];
    const subject = decodeCustomId(button(first, 'Again'))?.subject ?? null;
    first.components = buttonRows([
      { action: 'reference', subject, label: 'Use as reference' },
      { action: 'larger', subject, label: '2K' },
    ]) as NonNullable<Message['components']>;
    const asked = await press(on, first, 'Use as reference').response();
    if (!asked.message) throw new Error('nothing was asked');
    expect(asked.message.flags).toBe(MessageFlags.Ephemeral);
    expect(labels(asked.message)).toEqual(['Image 1', 'Image 2']);
    const change = `the second one, ${when}`;
    await image(await submit(on, press(on, asked.message, 'Image 2'), { prompt: change }));
    expect(await isAlike(lastReference(on.jimmyAi, change), two)).toBe(true);
    expect(await isAlike(lastReference(on.jimmyAi, change), one)).toBe(false);

    const which = (await press(on, first, '2K').response()).message;
    if (!which) throw new Error('nothing was asked');
    await image(press(on, which, 'Image 1'));
    expect(await isAlike(lastReference(on.jimmyAi, redrawPrompt(prompt)), one)).toBe(true);
  });

  test('Delete deletes the reply: for the owner and for people who manage messages, and nobody else', async () => {
    const { alice, bob, carol } = on.discord.people;
    const own = madeFor('own, deleted');
    const moderated = madeFor('moderated');
    const refused = await press(on, own, 'Delete', bob).response();
    expect(refused.message && textOf(refused.message)).toMatch(/Only <@\d+> and people who manage messages/);
    await remove(on, own, carol);
    await until(() => !exists(own));
    await remove(on, moderated, alice);
    await until(() => !exists(moderated));
  });

  test('Delete asks once and says what stays; its owner alone can have all that is stored deleted, too', async () => {
    const { alice, carol } = on.discord.people;
    const prompt = `deleted for good ${when}`;
    const message = madeFor('deleted for good');
    const { modal } = await press(on, message, 'Delete', alice).response();
    expect(JSON.stringify(modal)).toContain('The image stays in the history of the person who asked for it.');
    expect(JSON.stringify(modal)).not.toContain('everything');
    await remove(on, message, alice);
    await until(() => !exists(message));
    expect(stored(on.databasePath, prompt)).toBeDefined();

    const own = await imagined(on, `${prompt}, by its owner`, { user: carol });
    await remove(on, own, carol, 'everything');
    await until(() => stored(on.databasePath, `${prompt}, by its owner`) === undefined);
    expect(exists(own)).toBe(false);
  });

  test('what its owner wants deleted is deleted, though somebody deletes the message before the form is sent', async () => {
    const { alice, carol } = on.discord.people;
    const prompt = `deleted by two ${when}`;
    const message = madeFor('deleted by two');
    const [own, moderators] = [press(on, message, 'Delete', carol), press(on, message, 'Delete', alice)];
    await Promise.all([own.response(), moderators.response()]);
    await submit(on, moderators, { what: ['message'] });
    await until(() => !exists(message));
    await submit(on, own, { what: ['everything'] });
    await until(() => stored(on.databasePath, prompt) === undefined);
    expect(on.bot().log.filter(({ msg }) => msg === 'the interaction failed')).toEqual([]);
  });

  test('a request that the content policy refused can be reworded from its prompt', async () => {
    const prompt = `refused ${when}`;
    const refused = madeFor('refused');
    expect(labels(refused)).toEqual(['Edit prompt', 'Delete']);
    const opened = press(on, refused, 'Edit prompt');
    expect(filledIn((await opened.response()).modal).prompt).toEqual([prompt]);
    await image(await submit(on, opened, { prompt: `${prompt}, more gently` }));
  });
});

test('a form with an impossible request keeps its text', async () => {
  const first = await imagined(on, 'a fox to reword');
  const wide = {
    prompt: 'a long new prompt',
    model: ['gpt-image-2'],
    ratio: ['1:1'],
    options: ['resolution:4k'],
  };
  const { message } = await (await submit(on, press(on, first, 'Edit prompt'), wide)).response();
  if (!message) throw new Error('nothing was said');
  expect(textOf(message)).toMatch(/takes only the ratios/);
  await restart(on);
  const opened = press(on, message, 'Edit prompt');
  expect(filledIn((await opened.response()).modal)).toEqual({
    prompt: ['a long new prompt'],
    model: ['gpt-image-2'],
    ratio: ['1:1'],
    options: ['count:1', 'resolution:4k', 'quality:low'],
  });
  await image(await submit(on, opened, { options: ['count:1', 'resolution:2k'] }));
  expect(createsOf(on.jimmyAi, 'a long new prompt')).toHaveLength(1);
});

test('the references of the first request go along again', async () => {
  const bytes = await noise(40, 30).png().toBuffer();
  const options = { prompt: 'with a reference', reference: { name: 'fox.png', bytes } };
  const first = await image(on.discord.interact.command({ name: 'imagine', options }));
  await image(press(on, first, 'Again'));
  expect(lastReference(on.jimmyAi, 'with a reference')).toMatchObject({ width: 40, height: 30 });
});

function exists({ id }: Message): boolean {
  return on.discord.messages().some((message) => message.id === id);
}

function linkTo({ id, channel_id }: Message): string {
  return `https://discord.com/channels/${on.discord.guild.id}/${channel_id}/${id}`;
}

test('a prompt without visible characters makes nothing, wherever it comes from', async () => {
  const blank = '\u200b\u2800\u3164\u{e0041}';
  const first = await imagined(on, 'a visible fox');
  const old = await imagined(on, 'a fox of old');
  const db = new DatabaseSync(on.databasePath);
  db.prepare('UPDATE generations SET prompt = ? WHERE prompt = ?').run(blank, 'a fox of old');
  db.close();
  const options = { prompt: blank, model: 'nano-banana' };
  const menu = on.discord.interact.messageMenu({ message: first, name: 'Use as reference' });
  const ways = [
    on.discord.interact.command({ name: 'imagine', options }),
    await submit(on, press(on, first, 'Edit prompt'), { prompt: blank }),
    await submit(on, press(on, first, 'Use as reference'), { prompt: blank }),
    await submit(on, menu, { prompt: blank }),
    press(on, old, 'Again'),
  ];
  for (const way of ways) {
    const { message } = await way.response();
    expect(message && textOf(message)).toMatch(/^The prompt is empty/);
    expect(message && labels(message)).toEqual(['Edit prompt']);
  }
  expect(createsOf(on.jimmyAi, blank)).toEqual([]);
});
