import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Task } from '../../../../src/services/ledger/rows.ts';
import { type Transition, transitions } from '../../../../src/services/ledger/transitions.ts';
import type { Line } from '../../../../src/services/ledger/turns.ts';
import { type Limits, NO_LIMITS, type RequestLimits } from '../../../../src/services/request/limits.ts';
import { UNLIMITED } from '../../../support/unlimited.ts';
import { reservation } from '../requests.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

const allow = (scope: Exclude<keyof RequestLimits, 'unit'>, limits: Partial<Limits & { tasks: number }>) => ({
  limits: { ...UNLIMITED, [scope]: { ...UNLIMITED[scope], ...limits } },
});
const inCoins = ({ limits }: { limits: RequestLimits }) => ({
  limits: { ...limits, unit: 'coins' as const },
});
const refused = (id: unknown) => typeof id !== 'string';

test('three run and ten wait; the next one is refused with the number', async () => {
  const limited = allow('person', { running: 3, waiting: 10 });
  const asked = await Promise.all(Array.from({ length: 20 }, () => file.ask(limited)));
  expect(asked.filter((id) => typeof id === 'string')).toHaveLength(13);
  expect(asked.at(-1)).toEqual({ kind: 'waiting', scope: 'person', limit: 10, freeAt: null });
});

test('it is the same whether those that can run have begun or not', async () => {
  const limited = allow('person', { running: 3, waiting: 10 });
  for (let request = 0; request < 13; request += 1) {
    const id = await file.ask(limited);
    if (request < 3) await file.ledger.turns.decide(() => [id as string]);
  }
  expect(refused(await file.ask(limited))).toBe(true);
});

test('whoever is full keeps nobody else away', async () => {
  const limited = allow('person', { running: 1, waiting: 1 });
  await file.ask({ userId: 'ann', ...limited });
  await file.ask({ userId: 'ann', ...limited });
  expect(refused(await file.ask({ userId: 'ann', ...limited }))).toBe(true);
  expect(refused(await file.ask({ userId: 'bob', ...limited }))).toBe(false);
});

test('a place at the service that others wait for is not counted on', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, running: 3, waiting: 2 },
    overall: { tasks: 3, perDay: null },
  };
  for (const userId of ['bob', 'carol']) await file.ask({ userId, limits });
  const asked = await Promise.all(Array.from({ length: 5 }, () => file.ask({ userId: 'ann', limits })));
  expect(asked.map(refused)).toEqual([false, false, false, true, true]);
});

test('a place in the server that others wait for is not counted on either', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, running: 3, waiting: 2 },
    server: { ...NO_LIMITS, running: 3 },
  };
  const here = { guildId: 'server', limits };
  for (const userId of ['bob', 'carol']) await file.ask({ userId, ...here });
  const asked = await Promise.all(Array.from({ length: 5 }, () => file.ask({ userId: 'ann', ...here })));
  expect(asked.map(refused)).toEqual([false, false, false, true, true]);
});

test('what the service is done with makes room, also while it is on its way', async () => {
  const limited = allow('person', { running: 1, waiting: 1 });
  const first = (await file.ask(limited)) as string;
  await file.ask(limited);
  expect(refused(await file.ask(limited))).toBe(true);
  await take(
    first,
    transitions.submit(1),
    transitions.run('service-1', 1),
    transitions.complete('https://x.example/1.png', 1),
  );
  expect(refused(await file.ask(limited))).toBe(false);
});

test('what was cancelled halfway keeps its place as long as the service is busy with it', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, running: 1, waiting: 1 },
    overall: { tasks: 1, perDay: null },
  };
  const first = await file.reserve({ userId: 'ann', limits });
  await file.ledger.turns.decide(() => [first]);
  const busyUntil = file.now + HOUR_MS;
  await take(first, transitions.submit(1), transitions.run('service-1', 1), transitions.cancel(1, busyUntil));
  await file.ledger.generations.settle(first, null, []);
  await file.reserve({ userId: 'ann', limits });
  expect(refused(await file.ask({ userId: 'ann', limits }))).toBe(true);
  await file.reopen();
  const running = async () => (await lineOf(file)).running;
  expect(await running()).toEqual([{ userId: 'ann', guildId: null, requests: 1, tasks: 1, busyUntil }]);
  file.now = busyUntil;
  expect(await running()).toEqual([]);
  expect(refused(await file.ask({ userId: 'ann', limits }))).toBe(false);
});

test('in a server, those who wait for others count, and not those who can begin', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, running: 1 },
    server: { ...NO_LIMITS, waiting: 2 },
  };
  const here = { guildId: 'server', limits };
  for (let request = 0; request < 3; request += 1) await file.reserve({ ...here, userId: 'ann' });
  expect(await file.ask({ ...here, userId: 'ann' })).toMatchObject({ scope: 'server', limit: 2 });
  expect(refused(await file.ask({ ...here, userId: 'bob' }))).toBe(false);
  expect(refused(await file.ask({ ...here, userId: 'bob' }))).toBe(true);
  expect(refused(await file.ask({ ...here, userId: 'bob', guildId: 'elsewhere' }))).toBe(false);
});

test('a server’s own limit for its members counts what they ask for there', async () => {
  const limited = allow('member', { perDay: 1 });
  await file.reserve({ guildId: 'server', ...limited });
  expect(refused(await file.ask({ guildId: 'elsewhere', ...limited }))).toBe(false);
  expect(await file.ask({ guildId: 'server', ...limited })).toMatchObject({ scope: 'member', limit: 1 });
});

test.each([
  ['everybody', 'overall'],
  ['a server', 'server'],
] as const)(
  'a limit per day for %s counts to the millisecond, and tells when there is room again',
  async (_, scope) => {
    const limited = { guildId: 'server', ...inCoins(allow(scope, { perDay: 100 })) };
    const start = 1_700_000_000_000;
    for (let hour = 0; hour < 20; hour += 1) {
      file.now = start + hour * HOUR_MS + hour;
      await file.reserve({ userId: `person-${hour}`, cost: 5, ...limited });
    }
    const freeAt = start + DAY_MS;
    const ask = (cost: number) => file.ask({ userId: 'late', cost, ...limited });
    expect(await ask(5)).toMatchObject({ used: 100, freeAt });
    expect(await ask(52)).toMatchObject({ used: 100, freeAt: freeAt + 10 * HOUR_MS + 10 });
    file.now = freeAt - 1;
    expect(refused(await ask(5))).toBe(true);
    file.now = freeAt;
    expect(refused(await ask(5))).toBe(false);
  },
);

test('what is given back no longer counts for everybody', async () => {
  const limited = { guildId: 'server', ...inCoins(allow('overall', { perDay: 0.3 })) };
  const first = (await file.ask({ cost: 0.1, ...limited })) as string;
  await file.ask({ cost: 0.2, ...limited });
  expect(refused(await file.ask({ cost: 0.1, ...limited }))).toBe(true);
  await take(first, transitions.cancel(1, 1));
  expect(refused(await file.ask({ cost: 0.1, ...limited }))).toBe(false);
});

test('what goes back in line waits again, also for the next process', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, running: 1, waiting: 1 },
  };
  const first = await file.reserve({ userId: 'ann', limits });
  await file.ledger.turns.decide(() => [first]);
  await file.ledger.turns.putBack(first);
  await file.reopen();
  await file.ledger.leases.claim(1);
  const { waiting, running } = await lineOf(file);
  expect(running).toEqual([]);
  expect(waiting).toMatchObject([{ id: first, userId: 'ann', tasks: 1 }]);
  expect((await file.ledger.generations.find(first))?.generation.startedAt).toBeNull();
});

test('where the service takes no more, requests wait for it', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, waiting: 1 },
    overall: { tasks: 4, perDay: null },
  };
  const first = await file.reserve({ userId: 'bob', request: { count: 4 }, limits });
  await file.ledger.turns.decide(() => [first]);
  await file.reserve({ userId: 'ann', limits });
  expect(await file.ask({ userId: 'ann', limits })).toMatchObject({
    kind: 'waiting',
    scope: 'person',
    limit: 1,
  });
});

test('more images than may ever be made at once are refused for that', async () => {
  const limited = allow('overall', { tasks: 2 });
  expect(await file.ask({ request: { count: 3 }, ...limited })).toEqual({
    kind: 'too-many-at-once',
    limit: 2,
  });
  expect(refused(await file.ask({ request: { count: 2 }, ...limited }))).toBe(false);
});

test.each(['person', 'server', 'overall'] as const)(
  'the images of a day that the %s may have are counted, and free up one after the other',
  async (scope) => {
    const limited = { guildId: 'server', ...allow(scope, { perDay: 5 }) };
    await file.reserve({ ...limited, request: { count: 2 } });
    file.now += HOUR_MS;
    await file.reserve({ ...limited, request: { count: 3 } });
    const began = file.now;
    expect(await file.ask({ ...limited, request: { count: 1 } })).toEqual({
      kind: 'per-day',
      scope,
      limit: 5,
      used: 5,
      wanted: 1,
      freeAt: began - HOUR_MS + DAY_MS,
    });
    expect(await file.ask({ ...limited, request: { count: 3 } })).toMatchObject({ freeAt: began + DAY_MS });
    file.now = began - HOUR_MS + DAY_MS;
    expect(refused(await file.ask({ ...limited, request: { count: 3 } }))).toBe(true);
    expect(refused(await file.ask({ ...limited, request: { count: 2 } }))).toBe(false);
  },
);

test('what alone is more than a day’s limit never fits', async () => {
  const limited = allow('person', { perDay: 3 });
  expect(await file.ask({ request: { count: 4 }, ...limited })).toMatchObject({
    kind: 'per-day',
    wanted: 4,
    freeAt: null,
  });
});

test('of several limits in the way, the one that keeps away for longest is named', async () => {
  const limits = {
    ...UNLIMITED,
    person: { ...NO_LIMITS, perDay: 2 },
    overall: { tasks: null, perDay: 2 },
  };
  await file.reserve({ userId: 'ann', limits });
  file.now += HOUR_MS;
  await file.reserve({ userId: 'bob', limits });
  expect(await file.ask({ userId: 'ann', request: { count: 2 }, limits })).toMatchObject({
    scope: 'overall',
  });
  expect(await file.ask({ userId: 'ann', request: { count: 3 }, limits })).toMatchObject({ freeAt: null });
});

test('prices with fractions fill a limit exactly', async () => {
  const limited = { cost: 0.1, ...inCoins(allow('person', { perDay: 0.3 })) };
  await file.reserve(limited);
  await file.reserve({ ...limited, request: { count: 2 } });
  expect(refused(await file.ask(limited))).toBe(true);
});

test('what counts is kept, whatever becomes of the image and of what is stored about the person', async () => {
  const id = await file.deliver({ userId: 'ann', cost: 7, guildId: 'server' });
  await file.reopen();
  expect((await file.ledger.storedData.forget('ann')).generations).toBe(1);
  expect(await file.ledger.generations.find(id)).toBeNull();
  expect(await file.ledger.charges.of('ann')).toEqual([
    { guildId: 'server', model: 'gpt-image-2', coins: 7, chargedAt: file.now },
  ]);
  await file.ledger.charges.forgetBefore(file.now + 1);
  expect(await file.ledger.charges.of('ann')).toEqual([]);
});

test.each<[string, Transition[], number]>([
  ['refused', [transitions.submit(1), transitions.refuse({ reason: 'credit' }, 1)], 0],
  ['refused before it was sent', [transitions.refuse({ reason: 'reply-gone' }, 1)], 0],
  ['cancelled before it was sent', [transitions.cancel(1, 2)], 0],
  [
    'cancelled after it was sent',
    [transitions.submit(1), transitions.run('s', 1), transitions.cancel(1, 2)],
    1,
  ],
  ['put back', [transitions.submit(1), transitions.putBack()], 1],
  ['unconfirmed', [transitions.submit(1), transitions.leaveUnconfirmed(null, 1)], 1],
  [
    'failed',
    [transitions.submit(1), transitions.run('s', 1), transitions.fail({ reason: 'model-failed' }, 1)],
    1,
  ],
  ['expired', [transitions.submit(1), transitions.run('s', 1), transitions.expire(1)], 1],
])(
  'of an image that is %s and one that waits, what was certainly not charged is given back',
  async (_, way, kept) => {
    const id = await file.reserve({ userId: 'ann', request: { count: 2 } });
    await take(id, ...way);
    expect(await file.ledger.charges.of('ann')).toHaveLength(kept + 1);
  },
);

test('a request that is refused leaves the question that it answers, and writes nothing', async () => {
  const { request, references } = reservation;
  const draft = { request, references, private: false, adapted: false, parentId: null, parentUrl: null };
  const draftId = await file.ledger.drafts.save('ann', draft);
  const limited = allow('person', { perDay: 3 });
  expect(refused(await file.ask({ userId: 'ann', draftId, request: { count: 4 }, ...limited }))).toBe(true);
  expect(await file.ledger.drafts.find(draftId)).not.toBeNull();
  expect(await file.ledger.charges.of('ann')).toEqual([]);
  expect(await file.ledger.generations.unsettled()).toEqual([]);
});

test('an interaction that arrives twice is charged once, and not refused', async () => {
  const limited = { interactionId: 'twice', userId: 'ann', ...allow('person', { perDay: 1 }) };
  await file.reserve(limited);
  await expect(file.ask(limited)).rejects.toThrow(/taken already/);
  expect(await file.ledger.charges.of('ann')).toHaveLength(1);
});

async function take(id: string, ...way: readonly Transition[]): Promise<void> {
  const [task] = (await file.ledger.generations.find(id))?.tasks ?? [];
  let row = task as Task;
  for (const step of way) {
    const next = step.to(row);
    expect(await file.ledger.tasks.save(row.state, next)).toBe(true);
    row = next;
  }
}

/** Who waits and what runs, with nobody beginning. */
async function lineOf({ ledger }: TestLedger): Promise<Line> {
  const lines: Line[] = [];
  await ledger.turns.decide((line) => {
    lines.push(line);
    return [];
  });
  const [line] = lines;
  if (!line) throw new Error('the line was not read');
  return line;
}
