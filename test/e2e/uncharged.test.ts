import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, reply, startBotOnSandbox, textOf, until } from '../support/bot-on-sandbox.ts';
import { noise } from '../support/pictures.ts';

const REQUESTS = 100;
const REFERENCES = 60;
const AT_ONCE = 10;
const REFUSED = {
  kind: 'error-code',
  code: 'content_policy_violation',
  msg: 'Your request was rejected by the safety system (content_policy_violation)',
  at: 'create',
} as const;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
  on.jimmyAi.misbehave(REFUSED, { times: 3 * REQUESTS });
});
afterAll(() => on.close());

test('a limited number of references is kept of requests that the service refuses without a charge', async () => {
  const { alice } = on.discord.people;
  const bytes = await noise(64, 64).png().toBuffer();
  const references = Object.fromEntries(
    ['reference', 'reference_2', 'reference_3', 'reference_4'].map((name) => [
      name,
      { name: 'a.png', bytes },
    ]),
  );
  for (let number = 0; number < REFERENCES / 4; number += 1) await refused(alice, references);
  expect(filesKept()).toBe(REFERENCES);
  await refused(alice, references);
  // The bot counts a request once its final reply is stored.
  await until(() => filesKept() === REFERENCES);
});

test('a person who has sent a great many of them is asked to wait, privately, and nobody else is', async () => {
  const { bob, carol } = on.discord.people;
  for (let sent = 0; sent < REQUESTS; sent += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => refused(bob)));
  await until(() => settled() >= REQUESTS);
  const { message } = await ask(bob).response();
  expect(message && textOf(message)).toMatch(/requests came to nothing\. Ask again <t:\d+:R>/);
  expect(message?.visibleTo).toBe(bob.id);
  await refused(carol);
  await on.advance(120_000);
  await refused(bob);
});

function refused(user: User, references = {}) {
  return reply(ask(user, references), /content policy doesn’t allow/);
}

function ask(user: User, references = {}) {
  const options = { prompt: 'a fox', model: 'nano-banana', ...references };
  return on.discord.interact.command({ name: 'imagine', user, options });
}

/** How many requests without a reference are over. */
function settled(): number {
  return on.bot().log.filter(({ msg }) => msg === 'the generation is settled').length - REFERENCES / 4 - 1;
}

function filesKept(): number {
  const folder = `${on.databasePath}-files`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}
