import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Interaction, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { press } from '../support/buttons.ts';
import { imagine, imagineUnderWay, restart, stored } from '../support/generations.ts';
import { answer, fillRules, openRules, pickRule, roleNamed } from '../support/rules.ts';

/** So slow that no image is done before the test wants it. */
const NEVER_BY_ITSELF = 0.1;
/** Longer than a slow one takes. */
const LONG_ENOUGH_MS = 4 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
let bob: User;
beforeEach(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF } });
  ({ bob } = on.discord.people);
});
afterEach(() => on.close());

test('a member may run as many at once as the admins allow, in this server alone, even after a restart', async () => {
  await fillRules(on, await openRules(on), 'Member limits', { memberRunning: '1' });
  await imagineUnderWay(on, 'bob’s first', { user: bob });
  await restart(on);
  const second = imagine(on, 'bob’s second', { user: bob });
  await reply(second, /1st in line/);
  await imagineUnderWay(on, 'bob’s first in private', { user: bob, channel: on.discord.dm(bob) });
  await imagineUnderWay(on, 'carol’s first', { user: on.discord.people.carol });
  expect(createsOf(on.jimmyAi, 'bob’s second')).toEqual([]);
  await on.advance(LONG_ENOUGH_MS);
  await until(() => createsOf(on.jimmyAi, 'bob’s second').length === 1);
});

test('a day’s images are counted per member, and exempt members have no such limit', async () => {
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '1' });
  const first = await imagineUnderWay(on, 'a first fox', { user: bob });
  await on.advance(LONG_ENOUGH_MS);
  const made = await image(first);
  const refused = /^In this server, you may have 1 image in 24 hours: 1 used so far.*<t:\d+:R>/;
  expect(await told(imagine(on, 'a second fox', { user: bob }))).toMatch(refused);
  expect(await told(press(on, made, 'Again', bob))).toMatch(refused);
  await pickRule(on, await openRules(on), 'exemptRoles', roleNamed(on, 'Reporter'));
  await imagineUnderWay(on, 'a fox of the exempt', { user: bob });
});

test('all members together may make as many as the admins allow, and these free up again', async () => {
  await fillRules(on, await openRules(on), 'Server limits', { serverPerDay: '2' });
  await imagineUnderWay(on, 'a fox of bob’s', { user: bob });
  await imagineUnderWay(on, 'a fox of alice’s');
  expect(await told(imagine(on, 'a third fox'))).toMatch(/2 images in 24 hours: 2 used so far/);
  await on.advance(DAY_MS);
  imagine(on, 'a fox a day later');
  await until(() => stored(on.databasePath, 'a fox a day later'));
});

test('exempt members still have the host’s limits', async () => {
  await restart(on, { USER_PER_DAY: '1' });
  await pickRule(on, await openRules(on), 'exemptRoles', roleNamed(on, 'Reporter'));
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '5' });
  await imagineUnderWay(on, 'a fox of the host’s', { user: bob });
  expect(await told(imagine(on, 'a fox beyond', { user: bob }))).toMatch(/^You may have 1 image in 24 hours/);
});

test('if the host has set prices, the admins’ limits count coins, and say so', async () => {
  await restart(on, { COST_TABLE: '{"nano-banana":0.04}' });
  const panel = await openRules(on);
  const { modal } = await press(on, panel, 'Member limits').response();
  expect(JSON.stringify(modal)).toContain('Coins in 24 hours');
  const shown = await fillRules(on, panel, 'Member limits', { memberPerDay: '0.06' });
  expect(textOf(shown)).toContain('0.06 coins in 24 hours');
  await imagineUnderWay(on, 'a fox with a price', { user: bob });
  expect(await told(imagine(on, 'a fox too dear', { user: bob }))).toMatch(
    /0\.06 coins in 24 hours: 0\.03 used so far, and this request costs about 0\.04/,
  );
});

async function told(asking: Interaction): Promise<string> {
  return textOf(await answer(asking));
}
