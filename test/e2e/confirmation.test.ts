import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { restart, stored } from '../support/generations.ts';
import { rowsIn } from '../support/ledger-file.ts';
import { noise } from '../support/pictures.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

describe.each(['in the same process', 'after a restart'])('more images than CONFIRM_ABOVE, %s', (when) => {
  /** Asked before the restart, by their prompts. */
  const questions = new Map<string, { interaction: Interaction; question: Message }>();
  let unsure: User;
  let files: string[];
  beforeAll(async () => {
    for (const prompt of ['confirmed foxes', 'doubly confirmed foxes', 'my foxes', 'no foxes after all'])
      await ask(prompt, { count: 3 });
    const lost = await ask('lost foxes', { count: 3, private: true });
    const route = '/interactions/{interaction_id}/{interaction_token}/callback';
    on.discord.faults.rest({ method: 'POST', route, status: 404, code: 10062 });
    press(on, lost, 'Make 3 images');
    await until(() => stored(on.databasePath, `lost foxes ${when}`)?.settledAt);
    unsure = on.newPerson();
    await ask('unwanted foxes', { count: 3, reference: await fox() }, unsure);
    files = await draftFilesOf(unsure);
    await ask('late foxes', { count: 3, reference: await fox() });
    await draftFilesOf(on.discord.people.alice);
    if (when === 'after a restart') await restart(on);
  });

  async function ask(
    prompt: string,
    options: object,
    user: User = on.discord.people.alice,
  ): Promise<Message> {
    const interaction = on.discord.interact.command({
      name: 'imagine',
      options: { prompt: `${prompt} ${when}`, model: 'nano-banana', ...options },
      user,
    });
    const question = await reply(
      interaction,
      /This makes 3 images, each one charged(, about 0\.\d+ coins in all)?: Nano Banana · Auto · 1K/,
    );
    questions.set(prompt, { interaction, question });
    return question;
  }

  function asked(prompt: string): { interaction: Interaction; question: Message } {
    const found = questions.get(prompt);
    if (!found) throw new Error(`nobody asked for ${prompt}`);
    return found;
  }

  const sent = (prompt: string) => createsOf(on.jimmyAi, `${prompt} ${when}`);

  test('are made only after the person has confirmed them, in the message that asked', async () => {
    const { interaction, question } = asked('confirmed foxes');
    expect(labels(question)).toEqual(['Make 3 images', 'Don’t make them', 'Enhance']);
    expect(sent('confirmed foxes')).toEqual([]);
    press(on, question, 'Make 3 images');
    const message = await images(interaction, 3);
    expect(message.id).toBe(question.id);
    expect(textOf(message)).not.toContain('each one charged');
  });

  test('are made once, however often the button is pressed', async () => {
    const { interaction, question } = asked('doubly confirmed foxes');
    const pressed = [press(on, question, 'Make 3 images'), press(on, question, 'Make 3 images')];
    await Promise.all(pressed.map((press) => press.response()));
    await images(interaction, 3);
    expect(sent('doubly confirmed foxes')).toHaveLength(3);
  });

  test('say that the question is void if Discord lost the press of its button', async () => {
    const answer = await press(on, asked('lost foxes').question, 'Make 3 images').response();
    expect(answer.message && textOf(answer.message)).toMatch(/Ask again with \/imagine/);
    expect(sent('lost foxes')).toEqual([]);
  });

  test('leave no reference behind if the person declines', async () => {
    expect(files.every((path) => existsSync(path))).toBe(true);
    press(on, asked('unwanted foxes').question, 'Don’t make them', unsure);
    await until(() => !files.some((path) => existsSync(path)));
  });

  test('cannot be confirmed by anybody else', async () => {
    const { question } = asked('my foxes');
    const { bob } = on.discord.people;
    for (const label of ['Make 3 images', 'Don’t make them', 'Enhance']) {
      const refused = await press(on, question, label, bob).response();
      expect(refused.message?.flags).toBe(MessageFlags.Ephemeral);
    }
    expect(sent('my foxes')).toEqual([]);
  });

  test('leave neither files nor an error if somebody deletes the question while it is pressed', async () => {
    const person = on.newPerson();
    const question = await ask('deleted foxes', { count: 3, reference: await fox() }, person);
    const kept = await draftFilesOf(person);
    press(on, question, 'Don’t make them', person);
    on.discord.faults.deleteMessage(question);
    await until(() => !kept.some((path) => existsSync(path)));
    const failed = on.bot().log.filter(({ msg }) => msg === 'the interaction failed');
    expect(failed.filter(({ component }) => String(component).startsWith('dismiss:'))).toEqual([]);
  });

  test('are not made if the person declines, and the question disappears', async () => {
    const { interaction, question } = asked('no foxes after all');
    press(on, question, 'Don’t make them');
    await press(on, question, 'Make 3 images').response();
    await until(() => interaction.message() === undefined);
    expect(sent('no foxes after all')).toEqual([]);
  });

  test('can be confirmed days later, with the reference from back then', async () => {
    const { interaction, question } = asked('late foxes');
    await on.advance(2 * DAY_MS);
    press(on, question, 'Make 3 images');
    await images(interaction, 3);
    const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === `late foxes ${when}`);
    expect(task?.references).toMatchObject([{ width: 64, height: 48 }]);
  });
});

async function fox(): Promise<{ name: string; bytes: Buffer }> {
  return { name: 'fox.png', bytes: await noise(64, 48).png().toBuffer() };
}

/** Waits until the ledger knows the files that are kept for a person's drafts, and returns their paths. */
function draftFilesOf({ id }: User): Promise<string[]> {
  return until(() => {
    const files = rowsIn(
      on.databasePath,
      "SELECT value ->> '$.file' AS file FROM drafts, json_each(content, '$.references') WHERE user_id = ?",
      id,
    ).flatMap(({ file }) => file ?? []);
    return files.length > 0 && files.map((file) => join(`${on.databasePath}-files`, String(file)));
  });
}
