import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { filledIn } from '../support/filled-in.ts';
import { imagine, restart } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';
import { answer, fillRules, openRules, pickRule, resetRules } from '../support/rules.ts';

/** What the sandbox's model adds. */
const ADDED = ', golden hour, shallow depth of field, film grain';
const ENHANCED = /Enhanced prompt\n.*golden hour/;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('shows both prompts privately before anything is made, and makes the one that is picked', async () => {
  const shown = await reply(enhance('a fox to enhance'), ENHANCED);
  expect(shown.flags).toBe(MessageFlags.Ephemeral);
  expect(textOf(shown)).toMatch(/^Your prompt\na fox to enhance\nEnhanced prompt\n/);
  expect(labels(shown)).toEqual(['Make it', 'Edit prompt', 'Use mine']);
  expect(createsOf(on.jimmyAi, 'a fox to enhance')).toEqual([]);
  const made = await image(press(on, shown, 'Make it'));
  expect(made.flags ?? 0).toBe(0);
  expect(createsOf(on.jimmyAi, `a fox to enhance${ADDED}`)).toHaveLength(1);
  await image(press(on, shown, 'Use mine'));
  expect(createsOf(on.jimmyAi, 'a fox to enhance')).toHaveLength(1);
});

test('the enhanced prompt can be edited first', async () => {
  const shown = await reply(enhance('a fox to edit'), ENHANCED);
  const opened = press(on, shown, 'Edit prompt');
  expect(filledIn((await opened.response()).modal).prompt).toEqual([`a fox to edit${ADDED}`]);
  await image(await submit(on, opened, { prompt: 'a fox edited' }));
  expect(createsOf(on.jimmyAi, 'a fox edited')).toHaveLength(1);
});

test('what is picked later, after a restart, has its references and stays private', async () => {
  const reference = { name: 'fox.png', bytes: await noise(40, 30).png().toBuffer() };
  const shown = await reply(enhance('a fox with a friend', { reference, private: true }), ENHANCED);
  await restart(on);
  const made = await image(press(on, shown, 'Make it'));
  expect(made.visibleTo).toBe(on.discord.people.alice.id);
  const [create] = createsOf(on.jimmyAi, `a fox with a friend${ADDED}`);
  expect(create?.images).toHaveLength(1);
  const { request } = on.jimmyAi.toolCalls.findLast(({ tool }) => tool === 'chat') ?? {};
  expect(JSON.stringify(request)).toContain('Reference images go along with it');
});

test('under the question before many images the prompt can be enhanced, too', async () => {
  const asking = imagine(on, 'many foxes', { count: 3 });
  const asked = await reply(asking, /makes 3 images/);
  expect(labels(asked)).toEqual(['Make 3 images', 'Don’t make them', 'Enhance']);
  const shown = await reply(press(on, asked, 'Enhance'), ENHANCED);
  const again = await reply(press(on, shown, 'Make it'), /makes 3 images/);
  await images(pressed(again, 'Make 3 images'), 3);
});

test('what the model writes is text: its markup does nothing, and it pings nobody', async () => {
  const shown = await reply(enhance('**bold** @everyone <@123456789012345678>'), ENHANCED);
  expect(shown.embeds[1]?.description).toContain('\\*\\*bold\\*\\* \\@everyone \\<@123456789012345678>');
});

test('a prompt that may not be asked for is refused as ever, and no model hears of it', async () => {
  await fillRules(on, await openRules(on), 'Blocked words', { words: 'golden\nunicorn' });
  const before = on.jimmyAi.toolCalls.length;
  await reply(enhance('a unicorn'), /doesn’t allow “unicorn”/);
  expect(on.jimmyAi.toolCalls).toHaveLength(before);
  const shown = await reply(enhance('a plain fox'), ENHANCED);
  const refused = await answer(press(on, shown, 'Make it'));
  expect(textOf(refused)).toMatch(/doesn’t allow “golden”/);
  await resetRules(on);
});

test('where the server has switched it off, the prompt that was typed is still there', async () => {
  await pickRule(on, await openRules(on), 'refusedTools', 'enhance');
  const refused = await reply(enhance('an unenhanced fox'), /doesn’t allow “Enhance”/);
  expect(labels(refused)).toEqual(['Use mine', 'Edit prompt']);
  await image(press(on, refused, 'Use mine'));
  await resetRules(on);
});

test.each([
  ['a 504 while the work goes on', { kind: 'html', status: 504, at: 'tool', made: true }, /may or may not/],
  ['a cut connection', { kind: 'dropped', at: 'tool', made: true }, /may or may not/],
  ['an empty account', { kind: 'out-of-credit', at: 'tool' }, /out of credit.*Nothing was charged/s],
] as const)('after %s the prompt that was typed is still there', async (name, misbehaviour, says) => {
  const { length } = on.jimmyAi.toolCalls;
  on.jimmyAi.misbehave(misbehaviour);
  const prompt = `a fox after ${name}`;
  const shown = await reply(enhance(prompt), says);
  expect(textOf(shown)).toContain(`Your prompt\n${prompt}`);
  expect(on.jimmyAi.toolCalls.length - length).toBe('made' in misbehaviour ? 1 : 0);
  await image(press(on, shown, 'Use mine'));
});

test('whoever asks again and again is told when they can go on, and can go on with what they typed', async () => {
  const { carol: user } = on.discord.people;
  for (let time = 1; time <= 10; time += 1) await reply(enhance('again', {}, user), ENHANCED);
  const refused = await reply(enhance('once more', {}, user), /Ask for more <t:\d+:R>/);
  await image(press(on, refused, 'Use mine', user));
});

function enhance(prompt: string, more: object = {}, user = on.discord.people.alice): Interaction {
  const options = { prompt, model: 'nano-banana', enhance: true, ...more };
  return on.discord.interact.command({ name: 'imagine', options, user });
}

/** The question becomes the reply. */
function pressed(message: Message, label: string): Interaction {
  return press(on, message, label);
}
