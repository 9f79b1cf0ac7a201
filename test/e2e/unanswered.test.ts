import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, reply, startBotOnSandbox, textOf, until } from '../support/bot-on-sandbox.ts';
import { press, submit } from '../support/buttons.ts';
import { noise } from '../support/pictures.ts';

const KEPT = 20;
/** A person may open as many without finishing one, and one more each ten seconds. */
const AT_ONCE = 40;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('a person’s newest unanswered questions are kept, and their references', async () => {
  const bytes = await noise(64, 64).png().toBuffer();
  const ask = (number: number) =>
    reply(
      on.discord.interact.command({
        name: 'imagine',
        options: {
          prompt: `fox ${number}`,
          model: 'nano-banana',
          count: 3,
          reference: { name: 'fox.png', bytes },
        },
      }),
      /each one charged/,
    );
  const questions: Message[] = [];
  for (let number = 0; number < KEPT + 3; number++) {
    questions.push(await ask(number));
    await until(() => filesKept().length === Math.min(number + 1, KEPT));
  }
  const isForgotten = async (question: Message) => {
    const { message } = await press(on, question, 'Don’t make them').response();
    return /This no longer exists/.test(message ? textOf(message) : '');
  };
  const forgotten: boolean[] = [];
  for (const question of questions.slice(0, 4)) forgotten.push(await isForgotten(question));
  expect(forgotten).toEqual([true, true, true, false]);
});

test('a person’s newest unsent forms are kept', async () => {
  const { alice, carol } = on.discord.people;
  const { channel } = on.discord;
  const bytes = await noise(64, 64).png().toBuffer();
  const message = await on.discord.say({ user: alice, channel, files: [{ name: 'fox.png', bytes }] });
  const open = () => on.discord.interact.messageMenu({ message, name: 'Use as reference', user: carol });
  const first = open();
  await first.response();
  for (let number = 0; number < KEPT; number++) await open().response();
  const { message: answer } = await (await submit(on, first, { prompt: 'the first fox' })).response();
  expect(answer && textOf(answer)).toMatch(/This no longer exists/);
});

test('a person who opens form after form and sends none is asked to finish one, and nobody else is', async () => {
  const { alice, bob } = on.discord.people;
  const { channel } = on.discord;
  const bytes = await noise(64, 64).png().toBuffer();
  const message = await on.discord.say({ user: alice, channel, files: [{ name: 'fox.png', bytes }] });
  const open = (user: typeof bob) =>
    on.discord.interact.messageMenu({ message, name: 'Use as reference', user });
  const answers = await Promise.all(Array.from({ length: 60 }, () => open(bob).response()));
  const refusals = answers.flatMap((answer) => (answer.message ? [textOf(answer.message)] : []));
  // One more for each ten seconds that all of this takes.
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals.length).toBeLessThanOrEqual(60 - AT_ONCE);
  expect(refusals[0]).toMatch(/without finishing them.*try again/);
  expect((await open(alice).response()).modal).toBeDefined();
});

function filesKept(): string[] {
  const folder = `${on.databasePath}-files`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /-reference-1\.\w+$/.test(name));
}
