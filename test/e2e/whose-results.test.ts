import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { press, submit } from '../support/buttons.ts';
import { imagine, imagined, restart } from '../support/generations.ts';
import { fillRules, openRules } from '../support/rules.ts';

let on: BotOnSandbox;
let alices: Message;
beforeAll(async () => {
  on = await startBotOnSandbox();
  alices = await imagined(on, 'alice’s fox');
});
afterAll(() => on.close());

test('Discord’s own header names the person who sent a command, so the reply does not', async () => {
  expect(textOf(alices)).not.toContain('<@');
  const asking = imagine(on, 'confirmed foxes', { count: 3 });
  const question = await reply(asking, /each one charged/);
  expect(textOf(question)).not.toContain('<@');
  press(on, question, 'Make 3 images');
  expect(textOf(await images(asking, 3))).not.toContain('<@');
});

test.each([
  ['a button', async () => press(on, alices, 'Again', on.discord.people.bob)],
  ['a form', async () => filled(press(on, alices, 'Edit prompt', on.discord.people.bob))],
  [
    'a menu',
    async () => {
      const { bob } = on.discord.people;
      return filled(
        on.discord.interact.messageMenu({ message: alices, name: 'Use as reference', user: bob }),
      );
    },
  ],
])('the result of %s names its person, and pings nobody', async (_, ask) => {
  const { bob } = on.discord.people;
  const message = await image(await ask());
  expect(textOf(message)).toMatch(new RegExp(`\n-# by <@${bob.id}>$`, 'm'));
  expect(message.pings.users).toEqual([]);
});

test('a question after a button names its person, and so does its reply, even after a restart', async () => {
  const { bob } = on.discord.people;
  const three = await images(confirmed(imagine(on, 'three foxes', { count: 3 })), 3);
  const again = press(on, three, 'Again', bob);
  const question = await reply(again, /each one charged/);
  expect(textOf(question)).toContain(`-# by <@${bob.id}>`);
  await restart(on);
  press(on, question, 'Make 3 images', bob);
  expect(textOf(await images(again, 3))).toContain(`-# by <@${bob.id}>`);
});

test('a request that was refused and tried again names its person, too', async () => {
  const { bob } = on.discord.people;
  await fillRules(on, await openRules(on), 'Pause', {});
  const { message: told } = await imagine(on, 'a patient fox', { user: bob }).response();
  if (!told) throw new Error('there was no answer');
  await press(on, await openRules(on), 'Resume').response();
  expect(textOf(await image(press(on, told, 'Try again', bob)))).toContain(`-# by <@${bob.id}>`);
});

test('a reply that only one person sees names nobody', async () => {
  const secret = await imagined(on, 'a secret fox', { private: true });
  expect(textOf(await image(press(on, secret, 'Again')))).not.toContain('<@');
});

function filled(opened: Interaction): Promise<Interaction> {
  return submit(on, opened, { prompt: 'the same at night' });
}

/** Says yes to the question that a command is answered with. */
function confirmed(asking: Interaction): Interaction {
  void reply(asking, /each one charged/).then((question) => press(on, question, 'Make 3 images'));
  return asking;
}
