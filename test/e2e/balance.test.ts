import { DatabaseSync } from 'node:sqlite';
import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, image, reply, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { imagine } from '../support/generations.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('/balance tells the owner what is left and who spent what', async () => {
  await image(imagine(on, 'a costly fox'));
  charge('2', 'gpt-image-2', 0.36);
  const { olivia } = on.discord.people;
  const text = await balance(olivia);
  expect(text).toContain('**Account** 9,999.97 coins left, 0.03 coins used');
  expect(text).toContain('**Key** sandbox: no quota of its own');
  expect(text).toMatch(/GPT Image 2 · 1 image · 0\.36 coins/);
  expect(text).toContain('<@2> · 1 image · 0.36 coins');
});

test('/balance is for everyone in the team who has accepted, and refuses all others privately by naming those', async () => {
  const { olivia, alice, bob, carol } = on.discord.people;
  expect(await balance(alice)).toBe(
    `Only the owner of this bot’s application can see that: <@${olivia.id}>.`,
  );
  on.discord.handOverTo({ owner: bob, members: [alice], invited: [carol] });
  for (const member of [bob, alice])
    expect(await balance(member)).toContain('**Account** 9,999.97 coins left');
  for (const stranger of [olivia, carol]) {
    expect(await balance(stranger)).toContain(`<@${bob.id}>, <@${alice.id}>`);
  }
});

test('in a server, Discord shows /balance to administrators alone', () => {
  expect(() => on.discord.interact.command({ name: 'balance', user: on.discord.people.alice })).toThrow(
    'alice lacks the permission for balance',
  );
});

async function balance(user: User): Promise<string> {
  const interaction = on.discord.interact.command({ name: 'balance', user, channel: on.discord.dm(user) });
  const message = await reply(interaction, /./);
  expect((message.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
  return textOf(message);
}

/** As if somebody had asked for an image at this price. */
function charge(userId: string, model: string, coins: number): void {
  const db = new DatabaseSync(on.databasePath, { timeout: 5000 });
  db.prepare('INSERT INTO charges (task_id, user_id, model, coins, charged_at) VALUES (?, ?, ?, ?, ?)').run(
    'a-task',
    userId,
    model,
    coins,
    Date.now(),
  );
  db.close();
}
