import { MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagine, imagined } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { answer, fillRules, openRules, pickRule, resetRules } from '../support/rules.ts';

const NOTES = { name: 'notes.png', bytes: Buffer.from('hello'), contentType: 'text/plain' };
const NO_PICTURE = { bytes: Buffer.from('no picture'), contentType: 'image/png' };

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterEach(() => resetRules(on));
afterAll(() => on.close());

test('a request that is refused while the server is paused can be tried again afterwards', async () => {
  await pause();
  const told = await refused(imagine(on, 'a patient fox'));
  expect(textOf(told)).toMatch(/^Images are paused/);
  expect(labels(told)).toEqual(['Try again', 'Edit prompt', 'Enhance']);
  const still = press(on, told, 'Try again');
  expect((await still.response()).message?.id).toBe(told.id);
  expect(createsOf(on.jimmyAi, 'a patient fox')).toEqual([]);
  await resume();
  const message = await image(press(on, told, 'Try again'));
  expect(message.visibleTo).toBeNull();
  expect(createsOf(on.jimmyAi, 'a patient fox')).toHaveLength(1);
});

test('it is made once, however often the button is pressed', async () => {
  await pause();
  const told = await refused(imagine(on, 'an impatient fox'));
  await resume();
  await image(press(on, told, 'Try again'));
  expect(textOf(await refused(press(on, told, 'Try again')))).toMatch(/Ask again with \/imagine/);
  expect(createsOf(on.jimmyAi, 'an impatient fox')).toHaveLength(1);
});

test('a private request stays private', async () => {
  await pause();
  const told = await refused(imagine(on, 'a shy fox', { private: true }));
  await resume();
  expect((await image(press(on, told, 'Try again'))).visibleTo).toBe(on.discord.people.alice.id);
});

test('in a channel without images, the refusal shows the prompt, so that it can be used elsewhere', async () => {
  const { channel, otherChannel } = on.discord;
  await pickRule(on, await openRules(on), 'channels', channel.id);
  const told = await refused(imagine(on, 'a *lost* fox', { channel: otherChannel }));
  expect(told.embeds[0]).toMatchObject({ title: 'Your prompt', description: 'a \\*lost\\* fox' });
});

test('when a limit allows fewer images, these are one click away', async () => {
  const { bob } = on.discord.people;
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '2' });
  const told = await refused(imagine(on, 'too many foxes', { count: 4, user: bob }));
  expect(textOf(told)).toMatch(/ask for fewer/);
  expect(labels(told)).toEqual(['Make 2 images', 'Edit prompt', 'Enhance']);
  await images(press(on, told, 'Make 2 images', bob), 2);
  expect(createsOf(on.jimmyAi, 'too many foxes')).toHaveLength(2);
});

test('a confirmed request needs no second confirmation when it is tried again, and its question disappears', async () => {
  const asking = imagine(on, 'three patient foxes', { count: 3 });
  const question = await reply(asking, /each one charged/);
  await pause();
  press(on, question, 'Make 3 images');
  const told = await on.besides(/^Images are paused/);
  expect(told.visibleTo).toBe(on.discord.people.alice.id);
  await until(() => asking.message() === undefined);
  await resume();
  await images(press(on, told, 'Try again'), 3);
});

test('many images still need a confirmation when they are tried again', async () => {
  await pause();
  const told = await refused(imagine(on, 'three unasked foxes', { count: 3 }));
  await resume();
  const asked = press(on, told, 'Try again');
  press(on, await reply(asked, /each one charged/), 'Make 3 images');
  await images(asked, 3);
});

test('a file that is not an image can be left out, or the prompt can be used in another command', async () => {
  const told = await refused(withReferences('a fox and notes', await fox(), NOTES));
  expect(textOf(told)).toMatch(/^notes\.png is not an image.*a fox and notes/s);
  expect(labels(told)).toEqual(['Leave it out', 'Edit prompt', 'Enhance']);
  await image(press(on, told, 'Leave it out'));
  expect(taskOf('a fox and notes')?.references).toMatchObject([{ width: 64 }]);
});

test('a reference that turns out not to be an image can be left out, and is not sent after a change either', async () => {
  const told = await reply(
    withReferences('half a fox', { name: 'half.png', ...NO_PICTURE }, await fox()),
    /Reference image 1 is not an image/,
  );
  expect(labels(told)).toEqual(['Leave it out', 'Edit prompt', 'Delete']);
  await image(press(on, told, 'Leave it out'));
  expect(taskOf('half a fox')?.references).toMatchObject([{ width: 64 }]);
  await image(await submit(on, press(on, told, 'Edit prompt'), { prompt: 'a whole fox' }));
  expect(taskOf('a whole fox')?.references).toMatchObject([{ width: 64 }]);
});

test('a form about a request that was deleted meanwhile returns its text', async () => {
  const { carol } = on.discord.people;
  const message = await imagined(on, 'a forgotten fox', { user: carol });
  const opened = press(on, message, 'Edit prompt', carol);
  await opened.response();
  const privacy = await answer(on.discord.interact.command({ name: 'privacy', user: carol }));
  const asked = await answer(press(on, privacy, 'Delete everything', carol));
  await press(on, asked, 'Yes, delete everything', carol).response();
  await until(() => on.discord.messages().some((shown) => /^Deleted/.test(textOf(shown))));
  const told = await refused(await submit(on, opened, { prompt: 'a long story about a fox' }));
  expect(told.embeds[0]).toMatchObject({ title: 'Your prompt', description: 'a long story about a fox' });
});

const pause = async () => void (await fillRules(on, await openRules(on), 'Pause', {}));
const resume = async () => void (await answer(press(on, await openRules(on), 'Resume')));

/** The answer to what is refused: at once, and to this person alone. */
async function refused(asking: Interaction): Promise<Message> {
  const told = await answer(asking);
  expect(told.flags).toBe(MessageFlags.Ephemeral);
  return told;
}

function withReferences(
  prompt: string,
  ...[reference, second]: { name: string; bytes: Buffer; contentType?: string }[]
): Interaction {
  const files = { ...(reference && { reference }), ...(second && { reference_2: second }) };
  return on.discord.interact.command({
    name: 'imagine',
    options: { prompt, model: 'nano-banana', ...files },
  });
}

async function fox(): Promise<{ name: string; bytes: Buffer }> {
  return { name: 'fox.png', bytes: await noise(64, 48).png().toBuffer() };
}

function taskOf(prompt: string) {
  return on.jimmyAi.tasks.find(({ request }) => request.prompt === prompt);
}
