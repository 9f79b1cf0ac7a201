import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../../src/services/ledger/ledger.ts';
import { NO_LIMITS } from '../../../../src/services/request/limits.ts';
import { UNLIMITED } from '../../../support/unlimited.ts';
import { createRequests } from '../requests.ts';
import { newDatabase, open } from './on-postgres.ts';

const PROCESSES = 3;

let url: string;
let ledgers: Ledger[];
beforeEach(async () => {
  url = await newDatabase();
  ledgers = await Promise.all(Array.from({ length: PROCESSES }, async () => (await open(url)).ledger));
});
afterEach(() => Promise.all(ledgers.map((ledger) => ledger.close())));

test('processes that start at once on an empty database all find it ready', async () => {
  expect(await Promise.all(ledgers.map((ledger) => ledger.generations.unsettled()))).toEqual([[], [], []]);
});

test.each([
  ['per day', { ...NO_LIMITS, perDay: 7 }, 'per-day'],
  ['in line', { ...NO_LIMITS, running: 3, waiting: 4 }, 'waiting'],
])('a limit %s holds, whichever processes are asked at once', async (_, person, kind) => {
  const limits = { ...UNLIMITED, person };
  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, index) => index).map((index) => {
      const { ask } = requests(index % PROCESSES);
      return ask({ limits, interactionId: `interaction-${index}` });
    }),
  );
  expect(asked.filter((id) => typeof id === 'string')).toHaveLength(7);
  expect(asked.filter((id) => typeof id === 'object')).toEqual(
    Array.from({ length: 13 }, () => expect.objectContaining({ kind })),
  );
});

test('an interaction that several processes hear of is reserved by one', async () => {
  const asked = await Promise.allSettled(
    ledgers.map((_, index) => requests(index).reserve({ interactionId: 'the same' })),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await ledgers[0]?.generations.unsettled()).toHaveLength(1);
});

test('what each of them bills at once is summed up whole', async () => {
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      requests(index % PROCESSES).deliver({
        interactionId: `interaction-${index}`,
        guildId: index % 2 ? 'studio' : 'tavern',
        cost: 0.25,
      }),
    ),
  );
  await Promise.all(
    ids.map(async (id, index) => {
      const { generations, tasks } = ledgers[index % PROCESSES] as Ledger;
      const [task] = (await generations.find(id))?.tasks ?? [];
      if (task) await tasks.save('delivered', { ...task, cost: 0.5 });
    }),
  );
  expect(await ledgers[0]?.spending.totalSince(0)).toEqual({ images: 12, coins: 6 });
});

test('of two who change one person’s settings at once, each keeps what the other did not touch', async () => {
  const [one, other] = ledgers as [Ledger, Ledger];
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([
      one.settings.save('ann', { notifyAfterSeconds: round }),
      other.settings.save('ann', { model: round % 2 ? 'nano-banana' : 'gpt-image-2' }),
    ]);
    expect(await one.settings.of('ann')).toMatchObject({
      notifyAfterSeconds: round,
      model: round % 2 ? 'nano-banana' : 'gpt-image-2',
    });
  }
});

test('a file that one process is about to need is not let go of by another', async () => {
  const [one, other] = ledgers as [Ledger, Ledger];
  const references = [{ name: 'fox.png', source: 'discord' as const, url: null, file: 'fox.png' }];
  for (let round = 0; round < 10; round += 1) {
    const old = await requests(0).deliver({ interactionId: `old-${round}`, references });
    const [forgotten] = await Promise.all([
      one.storedData.forgetOne('300', old),
      requests(1).reserve({ interactionId: `new-${round}`, references }),
    ]);
    const isThere = await other.storedData.isUsed('fox.png');
    expect(isThere).toBe(true);
    // Either it came too late to be the last, or the new one was there already.
    if (forgotten.files.length > 0) expect(round).toBe(0);
  }
});

test('of many that are written together, a mistake concerns nobody else', async () => {
  const [ledger] = ledgers as [Ledger];
  const { reserve } = requests(0);
  const asked = await Promise.allSettled([
    reserve({ interactionId: 'a' }),
    reserve({ interactionId: 'b', cost: Number.NaN, locale: null as unknown as string }),
    reserve({ interactionId: 'c' }),
  ]);
  expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await ledger.generations.unsettled()).toHaveLength(2);
});

function requests(index: number) {
  return createRequests({ ledger: ledgers[index] as Ledger, now: 1_000 });
}
