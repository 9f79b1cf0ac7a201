import { expect, test } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { image, reply, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { finishImages, imagine } from '../support/generations.ts';

/** More than a bot may ask of Discord in a second. */
const BURST = 60;
const STANDING_STILL_AT = Date.now();

test('a rush is deferred and kept informed without waiting for the limit on all that a bot does', async () => {
  const on = await startBotOnSandbox({
    jimmyAi: { speed: 1 },
    // However slow the machine is, nothing runs out meanwhile.
    clock: createClock(() => STANDING_STILL_AT),
    rateLimits: false,
    env: { USER_RUNNING: '0', USER_WAITING: '0', POLL_MIN_SECONDS: '5', POLL_MAX_SECONDS: '10' },
  });
  const interactions = Array.from({ length: BURST }, (_, index) => imagine(on, `fox ${index}`));
  await Promise.all(interactions.map((interaction) => interaction.response()));
  await Promise.all(interactions.map((interaction) => reply(interaction, /Sending|started/)));
  expect(
    on.bot().log.filter(({ msg, global }) => global && msg === 'requests to Discord are held back'),
  ).toEqual([]);
  await on.close();
});

test('a limit on everything that Discord names is obeyed for replies, too', async () => {
  const on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
  const retryAfter = 1;
  on.discord.faults.rest({ method: 'PATCH', route: /original$/, status: 429, retryAfter, global: true });
  const edits = () => on.discord.requests.filter(({ method }) => method === 'PATCH');
  const first = imagine(on, 'a fox');
  const refused = await until(() => edits().find(({ status }) => status === 429));
  const second = imagine(on, 'another fox');
  await Promise.all([first, second].map((interaction) => reply(interaction, /Sending|started/)));
  const accepted = edits().filter(({ status }) => status === 200);
  expect(Math.min(...accepted.map(({ at }) => at)) - refused.at).toBeGreaterThanOrEqual(retryAfter * 1000);
  // A reply says so before the create arrives.
  await until(() => on.jimmyAi.tasks.length === 2);
  await finishImages(on);
  await Promise.all([first, second].map(image));
  await on.close();
});
