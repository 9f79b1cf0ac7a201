import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_RULES } from '../../../../src/services/request/server-rules.ts';
import { createTestLedger, failing, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('a server that nobody has decided anything for has no rules, and direct messages never have', async () => {
  expect(await file.ledger.serverRules.of('studio')).toEqual(NO_RULES);
  await file.ledger.serverRules.save('studio', 'ann', { maxResolution: '1k' });
  expect(await file.ledger.serverRules.of(null)).toEqual(NO_RULES);
});

test('what is changed holds for that server alone, also after a restart', async () => {
  await file.ledger.serverRules.save('studio', 'ann', { models: ['nano-banana'], paused: { reason: null } });
  await file.reopen();
  expect(await file.ledger.serverRules.of('studio')).toEqual({
    ...NO_RULES,
    models: ['nano-banana'],
    paused: { reason: null },
  });
  expect(await file.ledger.serverRules.of('tavern')).toEqual(NO_RULES);
});

test('rules are read once, until somebody changes them', async () => {
  const { serverRules } = file.ledger;
  await serverRules.save('studio', 'ann', { blockedWords: ['fox'] });
  const first = await serverRules.of('studio');
  expect(await serverRules.of('studio')).toBe(first);
  await serverRules.save('studio', 'ann', { blockedWords: ['fox', 'wolf'] });
  expect((await serverRules.of('studio')).blockedWords).toEqual(['fox', 'wolf']);
});

test('of two who change rules at once, each keeps what the other did not touch, and the last one wins', async () => {
  const { serverRules } = file.ledger;
  await Promise.all([
    serverRules.save('studio', 'ann', { maxResolution: '1k', memberRunning: 2 }),
    serverRules.save('studio', 'bob', { maxResolution: '2k', blockedWords: ['fox'] }),
  ]);
  expect(await serverRules.of('studio')).toEqual({
    ...NO_RULES,
    maxResolution: '2k',
    memberRunning: 2,
    blockedWords: ['fox'],
  });
});

test('each change is noted with who made it, from what to what; what stayed the same is not', async () => {
  const { serverRules } = file.ledger;
  await serverRules.save('studio', 'ann', { maxResolution: '1k', maxQuality: null });
  file.now = 2_000;
  await serverRules.save('studio', 'bob', { maxResolution: '2k' });
  await serverRules.save('studio', 'bob', { maxResolution: '2k' });
  expect(await serverRules.changes('studio', 1)).toEqual({
    page: 1,
    pages: 1,
    changes: [
      { guildId: 'studio', userId: 'bob', changedAt: 2_000, field: 'maxResolution', from: '1k', to: '2k' },
      { guildId: 'studio', userId: 'ann', changedAt: 1_000, field: 'maxResolution', from: null, to: '1k' },
    ],
  });
  expect((await serverRules.changes('tavern', 1)).changes).toEqual([]);
  expect(await serverRules.changesBy('ann')).toHaveLength(1);
});

test('a change that cannot be noted is not made', async () => {
  await file.execute(failing('INSERT ON audit', 'disk full'));
  await expect(file.ledger.serverRules.save('studio', 'ann', { maxResolution: '1k' })).rejects.toThrow(
    'disk full',
  );
  expect(await file.ledger.serverRules.of('studio')).toEqual(NO_RULES);
});

test('the list is turned by pages, and the nearest one is shown where there is no such page', async () => {
  const { serverRules } = file.ledger;
  for (let limit = 1; limit <= 20; limit += 1)
    await serverRules.save('studio', 'ann', { memberPerDay: limit });
  const [first, last] = [await serverRules.changes('studio', -4), await serverRules.changes('studio', 99)];
  expect([first.page, first.pages, first.changes[0]?.to]).toEqual([1, 3, 20]);
  expect([last.page, last.changes.at(-1)?.to]).toEqual([3, 1]);
});

test('changes go with what else is old; the rules stay', async () => {
  const { serverRules } = file.ledger;
  await serverRules.save('studio', 'ann', { maxQuality: 'low' });
  file.now = 5_000;
  await serverRules.save('studio', 'ann', { maxQuality: 'medium' });
  await serverRules.forgetChanges(5_000);
  expect((await serverRules.changes('studio', 1)).changes.map(({ to }) => to)).toEqual(['medium']);
  expect((await serverRules.of('studio')).maxQuality).toBe('medium');
});

test('of a server the newest thousand changes are kept, and those of others stay', async () => {
  const { serverRules } = file.ledger;
  await serverRules.save('tavern', 'bob', { memberRunning: 1 });
  for (let index = 0; index < 1003; index += 1) {
    await serverRules.save('studio', 'ann', { memberRunning: index + 1 });
  }
  const last = await serverRules.changes('studio', Number.MAX_SAFE_INTEGER);
  expect(last.pages).toBe(1000 / 8);
  expect(last.changes.at(-1)?.to).toBe(4);
  expect((await serverRules.changes('tavern', 1)).changes).toHaveLength(1);
});

test('thousands of changes are all read, and deleted a hundred at a time until it is time to stop', async () => {
  await file.execute(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
    INSERT INTO audit (id, guild_id, user_id, change, changed_at) SELECT 'change-' || (10000 + n), 'studio', 'ann',
      '{"field":"memberPerDay","from":' || n || ',"to":' || (n + 1) || '}', n FROM numbers`);
  const { serverRules } = file.ledger;
  expect((await serverRules.changesBy('ann')).map(({ from }) => from)).toEqual(
    Array.from({ length: 2500 }, (_, index) => index + 1),
  );
  const stopping = new AbortController();
  const forgetting = serverRules.forgetChanges(2401, stopping.signal);
  stopping.abort();
  await forgetting;
  expect(await serverRules.countBy('ann')).toBe(2400);
  await serverRules.forgetChanges(2401);
  expect(await serverRules.countBy('ann')).toBe(100);
});

test('what another version of the bot wrote stays where it is not understood', async () => {
  const written = JSON.stringify({ maxResolution: '8k', curfew: '22:00', maxQuality: 'low' });
  await file.execute(`INSERT INTO server_rules (guild_id, rules) VALUES ('studio', '${written}')`);
  expect(await file.ledger.serverRules.of('studio')).toEqual({ ...NO_RULES, maxQuality: 'low' });
  await file.ledger.serverRules.save('studio', 'ann', { maxQuality: 'high' });
  const [row] = await file.rows('SELECT rules FROM server_rules');
  expect(JSON.parse(String(row?.rules))).toEqual({
    maxResolution: '8k',
    curfew: '22:00',
    maxQuality: 'high',
  });
});
