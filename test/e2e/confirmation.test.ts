import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
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
import { imagine, restart, stored } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;

describe.each(['in the same process', 'after a restart'])('more images than CONFIRM_ABOVE, %s', (when) => {
  beforeAll(async () => {
    on = await startBotOnSandbox();
  });
  afterAll(() => on.close());

  async function asked(prompt: string): Promise<{ interaction: Interaction; question: Message }> {
    const interaction = imagine(on, prompt, { count: 3 });
    const question = await reply(
      interaction,
      /This makes 3 images, each one charged(, about 0\.\d+ coins in all)?: Nano Banana · Auto · 1K/,
    );
    if (when === 'after a restart') await restart(on);
    return { interaction, question };
  }

  test('are made only after the person has confirmed them, in the message that asked', async () => {
    const { interaction, question } = await asked('confirmed foxes');
    expect(labels(question)).toEqual(['Make 3 images', 'Don’t make them', 'Enhance']);
    expect(createsOf(on.jimmyAi, 'confirmed foxes')).toEqual([]);
    press(on, question, 'Make 3 images');
    const message = await images(interaction, 3);
    expect(message.id).toBe(question.id);
    expect(textOf(message)).not.toContain('each one charged');
  });

  test('are made once, however often the button is pressed', async () => {
    const { interaction, question } = await asked('doubly confirmed foxes');
    const pressed = [press(on, question, 'Make 3 images'), press(on, question, 'Make 3 images')];
    await Promise.all(pressed.map((press) => press.response()));
    await images(interaction, 3);
    expect(createsOf(on.jimmyAi, 'doubly confirmed foxes')).toHaveLength(3);
  });

  test('say that the question is void if Discord lost the press of its button', async () => {
    const interaction = imagine(on, 'lost foxes', { count: 3, private: true });
    const question = await reply(interaction, /each one charged/);
    const route = '/interactions/{interaction_id}/{interaction_token}/callback';
    on.discord.faults.rest({ method: 'POST', route, status: 404, code: 10062 });
    press(on, question, 'Make 3 images');
    await until(() => stored(on.databasePath, 'lost foxes')?.settledAt);
    if (when === 'after a restart') await restart(on);
    const answer = await press(on, question, 'Make 3 images').response();
    expect(answer.message && textOf(answer.message)).toMatch(/Ask again with \/imagine/);
    expect(createsOf(on.jimmyAi, 'lost foxes')).toEqual([]);
  });

  test('can be confirmed days later, with the reference from back then', async () => {
    const bytes = await noise(64, 48).png().toBuffer();
    const options = { prompt: `late ${when}`, count: 3, reference: { name: 'fox.png', bytes } };
    const interaction = on.discord.interact.command({ name: 'imagine', options });
    const question = await reply(interaction, /each one charged/);
    await draftFiles();
    await on.advance(2 * DAY_MS);
    if (when === 'after a restart') await restart(on);
    press(on, question, 'Make 3 images');
    await images(interaction, 3);
    const task = on.jimmyAi.tasks.find(({ request }) => request.prompt === `late ${when}`);
    expect(task?.references).toMatchObject([{ width: 64, height: 48 }]);
  });

  test('leave no reference behind if the person declines', async () => {
    const bytes = await noise(64, 48).png().toBuffer();
    const options = { prompt: `unwanted ${when}`, count: 3, reference: { name: 'fox.png', bytes } };
    const question = await reply(
      on.discord.interact.command({ name: 'imagine', options }),
      /each one charged/,
    );
    const files = await draftFiles();
    expect(files.every((path) => existsSync(path))).toBe(true);
    if (when === 'after a restart') await restart(on);
    press(on, question, 'Don’t make them');
    await until(() => !files.some((path) => existsSync(path)));
  });

  test('cannot be confirmed by anybody else', async () => {
    const { question } = await asked('my foxes');
    const { bob } = on.discord.people;
    for (const label of ['Make 3 images', 'Don’t make them', 'Enhance']) {
      const refused = await press(on, question, label, bob).response();
      expect(refused.message?.flags).toBe(MessageFlags.Ephemeral);
    }
    expect(createsOf(on.jimmyAi, 'my foxes')).toEqual([]);
  });

  test('are not made if the person declines, and the question disappears', async () => {
    const { interaction, question } = await asked('no foxes after all');
    press(on, question, 'Don’t make them');
    await press(on, question, 'Make 3 images').response();
    await until(() => interaction.message() === undefined);
    expect(createsOf(on.jimmyAi, 'no foxes after all')).toEqual([]);
  });
});

/** Waits until the ledger knows the files that are kept for drafts, and returns their paths. */
function draftFiles(): Promise<string[]> {
  return until(() => {
    const db = new DatabaseSync(on.databasePath, { readOnly: true, timeout: 5000 });
    const rows = db.prepare(
      "SELECT value ->> '$.file' AS file FROM drafts, json_each(content, '$.references')",
    );
    const files = rows.all().flatMap(({ file }) => file ?? []);
    db.close();
    return files.length > 0 && files.map((file) => join(`${on.databasePath}-files`, String(file)));
  });
}
