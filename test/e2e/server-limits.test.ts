import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
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
import {
  imagine,
  imagineUnderWay,
  NEVER_BY_ITSELF,
  restart,
  SLOW_ENOUGH_MS,
  storedBy,
} from '../support/generations.ts';
import { answer, fillRules, openRules, pickRule, resetRules, roleNamed } from '../support/rules.ts';

const DAY_MS = 24 * 60 * 60_000;

let on: BotOnSandbox;
/** Each test has its own member, towards whose limits nothing counts yet. */
let dora: User;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env: { USER_PER_DAY: '4' } });
});
beforeEach(() => {
  dora = on.newPerson();
});
afterEach(() => resetRules(on));
afterAll(() => on.close());

test('a member may run as many at once as the admins allow, in this server alone, even after a restart', async () => {
  await fillRules(on, await openRules(on), 'Member limits', { memberRunning: '1' });
  await imagineUnderWay(on, 'dora’s first', { user: dora });
  await restart(on);
  const second = imagine(on, 'dora’s second', { user: dora });
  await reply(second, /1st in line/);
  await imagineUnderWay(on, 'dora’s first in private', { user: dora, channel: on.discord.dm(dora) });
  await imagineUnderWay(on, 'carol’s first', { user: on.discord.people.carol });
  expect(createsOf(on.jimmyAi, 'dora’s second')).toEqual([]);
  await on.advance(SLOW_ENOUGH_MS);
  await until(() => createsOf(on.jimmyAi, 'dora’s second').length === 1);
});

test('a day’s images are counted per member, and exempt members have no such limit', async () => {
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '1' });
  const first = await imagineUnderWay(on, 'a first fox', { user: dora });
  await on.advance(SLOW_ENOUGH_MS);
  const made = await image(first);
  const refused = /^In this server, you may have 1 image in 24 hours: 1 used so far.*<t:\d+:R>/;
  expect(await told(imagine(on, 'a second fox', { user: dora }))).toMatch(refused);
  expect(await told(press(on, made, 'Again', dora))).toMatch(refused);
  await exemptDora();
  await imagineUnderWay(on, 'a fox of the exempt', { user: dora });
});

test('a server’s own limits hold for each member, and nowhere else', async () => {
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '1' });
  await imagineUnderWay(on, 'a fox in the server', { user: dora });
  expect(await told(imagine(on, 'another fox in the server', { user: dora }))).toMatch(/1 used so far/);
  await imagineUnderWay(on, 'a fox of somebody else', { user: on.newPerson() });
  await imagineUnderWay(on, 'a fox elsewhere', { user: dora, channel: on.discord.dm(dora) });
});

test('a server’s own limit of what runs at once lets the next one wait', async () => {
  await on.advance(SLOW_ENOUGH_MS);
  await fillRules(on, await openRules(on), 'Server limits', { serverRunning: '1' });
  await imagineUnderWay(on, 'an only fox', { user: dora });
  await reply(imagine(on, 'a waiting fox', { user: on.newPerson() }), /1st in line in this server/);
  expect(createsOf(on.jimmyAi, 'a waiting fox')).toEqual([]);
});

test('all members together may make as many as the admins allow, and these free up again', async () => {
  await on.advance(DAY_MS);
  await fillRules(on, await openRules(on), 'Server limits', { serverPerDay: '2' });
  await imagineUnderWay(on, 'a fox of dora’s', { user: dora });
  await imagineUnderWay(on, 'a fox of alice’s');
  expect(await told(imagine(on, 'a third fox'))).toMatch(/2 images in 24 hours: 2 used so far/);
  await on.advance(DAY_MS);
  imagine(on, 'a fox a day later');
  await until(async () => await storedBy(on, 'a fox a day later'));
});

test('exempt members still have the host’s limits', async () => {
  await exemptDora();
  await fillRules(on, await openRules(on), 'Member limits', { memberPerDay: '5' });
  await imagineUnderWay(on, 'foxes of the host’s', { user: dora, count: 2 });
  await imagineUnderWay(on, 'more foxes of the host’s', { user: dora, count: 2 });
  expect(await told(imagine(on, 'a fox beyond', { user: dora }))).toMatch(
    /^You may have 4 images in 24 hours/,
  );
});

test('if the host has set prices, the admins’ limits count coins, and say so', async () => {
  await restart(on, { COST_TABLE: '{"nano-banana":0.04}' });
  const panel = await openRules(on);
  const { modal } = await press(on, panel, 'Member limits').response();
  expect(JSON.stringify(modal)).toContain('Coins in 24 hours');
  const shown = await fillRules(on, panel, 'Member limits', { memberPerDay: '0.06' });
  expect(textOf(shown)).toContain('0.06 coins in 24 hours');
  await imagineUnderWay(on, 'a fox with a price', { user: dora });
  expect(await told(imagine(on, 'a fox too dear', { user: dora }))).toMatch(
    /0\.06 coins in 24 hours: 0\.03 used so far, and this request costs about 0\.04/,
  );
});

async function exemptDora(): Promise<void> {
  const reporter = roleNamed(on, 'Reporter');
  on.discord.faults.setRoles(dora, [reporter]);
  await pickRule(on, await openRules(on), 'exemptRoles', reporter);
}

async function told(asking: Interaction): Promise<string> {
  return textOf(await answer(asking));
}
