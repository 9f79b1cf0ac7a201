import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  arrange,
  keysOf,
  lineUp,
  type Tally,
  type Turn,
  type WaitingTurn,
} from '../../../src/services/scheduler/fair-order.ts';

const NO_LIMITS = { person: null, member: null, server: null };
const NOTHING_RUNS: Tally = { requestsOf: () => 0, tasks: 0 };

test('people take turns: everybody’s first, then everybody’s second', () => {
  const line = [
    turn(1, 'ann'),
    turn(2, 'ann'),
    turn(3, 'ann'),
    turn(4, 'bob'),
    turn(5, 'cem'),
    turn(6, 'bob'),
  ];
  expect(ids(lineUp(line, NOTHING_RUNS))).toEqual([1, 4, 5, 2, 6, 3]);
});

test('what a person has running counts as their turn', () => {
  const line = [turn(2, 'ann'), turn(3, 'bob')];
  expect(ids(lineUp(line, tallyOf([turn(1, 'ann')])))).toEqual([3, 2]);
});

test('among equals, whoever has waited longest since their last turn comes first', () => {
  const line = [turn(1, 'ann', { since: 50 }), turn(2, 'bob'), turn(3, 'cem', { since: 40 })];
  expect(ids(lineUp(line, NOTHING_RUNS))).toEqual([2, 3, 1]);
});

test('a person’s own limit holds up nobody else, and they stand behind their own requests', () => {
  const limits = { ...NO_LIMITS, person: 1 };
  const line = [turn(1, 'ann'), turn(2, 'ann'), turn(3, 'ann'), turn(4, 'bob')].map((each) => ({
    ...each,
    limits,
  }));
  const { starting, places } = arrange(line, NOTHING_RUNS, null);
  expect(ids(starting)).toEqual([1, 4]);
  expect([...places]).toEqual([
    [id(2), { number: 1, among: 'own' }],
    [id(3), { number: 2, among: 'own' }],
  ]);
});

test('where a server’s limit is reached, its people stand in one line', () => {
  const limits = { ...NO_LIMITS, server: 1 };
  const line = [turn(1, 'ann'), turn(2, 'bob'), turn(3, 'cem'), turn(4, 'dee', { guildId: 'elsewhere' })].map(
    (each) => ({
      ...each,
      limits,
    }),
  );
  const { starting, places } = arrange(line, NOTHING_RUNS, null);
  expect(ids(starting)).toEqual([1, 4]);
  expect(places.get(id(3))).toEqual({ number: 2, among: 'server' });
});

test('nobody passes one that waits for more room than is left', () => {
  const line = [turn(1, 'ann', { tasks: 3 }), turn(2, 'bob')];
  const running = tallyOf([turn(0, 'cem', { tasks: 2 })]);
  expect(arrange(line, running, 4).starting).toEqual([]);
  expect(ids(arrange(line, running, 5).starting)).toEqual([1]);
  expect(ids(arrange(line, running, 6).starting)).toEqual([1, 2]);
});

test('one of more images than may be made at once, by a limit that came later, goes alone', () => {
  const line = [turn(1, 'ann', { tasks: 4 }), turn(2, 'bob')];
  expect(arrange(line, tallyOf([turn(0, 'cem')]), 2).starting).toEqual([]);
  expect(ids(arrange(line, NOTHING_RUNS, 2).starting)).toEqual([1]);
});

test('where fewer may start, it is the first ones, and the others stand where they would if all had', () => {
  fc.assert(
    fc.property(turns, turns, fc.nat({ max: 10 }), (waiting, running, startsMax) => {
      const begun = running.map((each) => ({ ...each, id: `before ${each.id}` }));
      const all = arrange(waiting, tallyOf(begun), 8);
      const { starting, places } = arrange(waiting, tallyOf(begun), 8, startsMax);
      expect(starting).toEqual(all.starting.slice(0, startsMax));
      expect(new Set([...starting.map((each) => each.id), ...places.keys()])).toEqual(
        new Set(waiting.map((each) => each.id)),
      );
      expect(starting.length + places.size).toBe(waiting.length);
    }),
  );
});

test('the order does not depend on how the requests are at hand', () => {
  fc.assert(
    fc.property(turns, turns, fc.gen(), (waiting, running, gen) => {
      const shuffled = gen(fc.shuffledSubarray, waiting, { minLength: waiting.length });
      expect(lineUp(shuffled, tallyOf(running))).toEqual(lineUp(waiting, tallyOf(running)));
    }),
  );
});

test('nobody’s later request stands before the first of somebody who has no more running', () => {
  fc.assert(
    fc.property(turns, turns, (waiting, running) => {
      const tally = tallyOf(running);
      const seen = new Map<string, number>();
      const rounds = lineUp(waiting, tally).map(({ userId }) => {
        const ahead = seen.get(userId) ?? tally.requestsOf(`person ${userId}`);
        seen.set(userId, ahead + 1);
        return ahead;
      });
      expect(rounds).toEqual(rounds.toSorted((one, other) => one - other));
    }),
  );
});

test('in each line the places are 1, 2, 3 …, and whoever starts has none', () => {
  fc.assert(
    fc.property(turns, turns, tasksMax, (waiting, running, max) => {
      const { starting, places } = arrange(waiting, tallyOf(running), max);
      expect(places.size + starting.length).toBe(waiting.length);
      expect(starting.filter((each) => places.has(each.id))).toEqual([]);
      const all = [...places.values()].filter(({ among }) => among === 'all').map(({ number }) => number);
      expect(all).toEqual(all.map((_, index) => index + 1));
    }),
  );
});

test('no interleaving of requests and ends exceeds a limit', () => {
  fc.assert(
    fc.property(turns, tasksMax, events, (arriving, max, happening) => {
      const world = createWorld(max);
      live(world, arriving, happening, () => expectWithinLimits(world.running, max));
    }),
    { numRuns: 500 },
  );
});

test('where only the service is full, nobody has two turns while another one has waited with none', () => {
  fc.assert(
    fc.property(turns, fc.integer({ min: 1, max: 6 }), events, (arriving, max, happening) => {
      const world = createWorld(max);
      const passedBy = new Map<string, Set<string>>();
      const free = arriving.map((each) => ({ ...each, tasks: 1, limits: NO_LIMITS }));
      live(world, free, happening, (started) => {
        for (const { userId } of world.running) passedBy.delete(userId);
        const without = world.waiting.map(({ userId }) => userId).filter((userId) => !world.runsFor(userId));
        for (const userId of new Set(without)) {
          const passers = passedBy.get(userId) ?? new Set();
          for (const passer of started.map((each) => each.userId)) {
            expect(passers, `${passer} passed ${userId} twice`).not.toContain(passer);
            passedBy.set(userId, passers.add(passer));
          }
        }
      });
    }),
    { numRuns: 500 },
  );
});

test('among people who always want something, the longest wait is no more than three times the median', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.infiniteStream(fc.nat()), (max, chance) => {
      const world = createWorld(max);
      const waits: number[] = [];
      for (let person = 0; person < 4 * max; person += 1) world.arrive(turn(person, `person ${person}`));
      for (let step = 0; step < 400; step += 1) {
        const started = world.rearrange();
        // What everybody asked for at the beginning says nothing.
        waits.push(
          ...started.filter((each) => Number(each.id) >= 4 * max).map((each) => step - Number(each.id)),
        );
        const over = world.end((chance.next().value ?? 0) % world.running.length);
        if (over) world.arrive(turn(4 * max + step, over.userId));
      }
      const sorted = waits.map((wait) => wait + 4 * max).sort((one, other) => one - other);
      expect(sorted.at(-1)).toBeLessThanOrEqual(3 * (sorted[Math.floor(sorted.length / 2)] ?? 0));
    }),
    { numRuns: 30 },
  );
});

test('nobody waits for ever, though others keep coming as fast as the service works', () => {
  fc.assert(
    fc.property(turns, fc.integer({ min: 1, max: 8 }), (waiting, max) => {
      const world = createWorld(max);
      world.waiting.push(...waiting);
      const most = Math.max(0, ...countsOf(waiting));
      // Before each of a person's requests: what runs, and all that has come until their last turn was over.
      const patience = (most + 1) * (4 * waiting.length + 2 * max);
      for (let step = 0; step < patience; step += 1) {
        world.arrive(turn(1_000 + step, `newcomer ${step}`));
        world.rearrange();
        world.end(0);
      }
      expect(world.waiting.filter(({ userId }) => !userId.startsWith('newcomer'))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const events = fc.array(fc.nat(), { maxLength: 80 });
const tasksMax = fc.option(fc.integer({ min: 1, max: 12 }));
const limit = fc.option(fc.integer({ min: 1, max: 3 }));

/** Up to thirty requests of few people on few servers, each person and server with limits of their own. */
const turns = fc
  .record({
    limits: fc.record({
      person: fc.array(limit, { minLength: 4, maxLength: 4 }),
      member: limit,
      server: fc.array(limit, { minLength: 3, maxLength: 3 }),
    }),
    asked: fc.array(
      fc.record({
        user: fc.nat({ max: 3 }),
        guild: fc.nat({ max: 2 }),
        tasks: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 30 },
    ),
  })
  .map(({ limits, asked }) =>
    asked.map(({ user, guild, tasks }, index) => {
      const place = guild === 0 ? null : `server ${guild}`;
      return turn(index, `user ${user}`, {
        guildId: place,
        tasks,
        limits: {
          person: limits.person[user] ?? null,
          member: place === null ? null : limits.member,
          server: place === null ? null : (limits.server[guild] ?? null),
        },
      });
    }),
  );

/** Lets requests come and end in turn, as the events say, and looks after each. */
function live(
  world: ReturnType<typeof createWorld>,
  arriving: readonly WaitingTurn[],
  happening: readonly number[],
  look: (started: readonly Turn[]) => void,
): void {
  const coming = [...arriving];
  for (const event of happening) {
    const next = event % 2 === 0 ? coming.shift() : undefined;
    if (next) world.arrive(next);
    else world.end(event % Math.max(1, world.running.length));
    look(world.rearrange());
  }
}

/** As the queue does it, with a clock that ticks at each event. */
function createWorld(max: number | null) {
  let now = 0;
  const world = {
    waiting: [] as WaitingTurn[],
    running: [] as Turn[],
    runsFor: (userId: string) => world.running.some((each) => each.userId === userId),
    arrive(each: WaitingTurn) {
      now += 1;
      world.waiting.push({ ...each, since: now });
    },
    end(index: number) {
      now += 1;
      const [over] = world.running.splice(index, 1);
      world.waiting = world.waiting.map((each) =>
        each.userId === over?.userId ? { ...each, since: now } : each,
      );
      return over;
    },
    rearrange() {
      const { starting } = arrange(world.waiting, tallyOf(world.running), max);
      world.running.push(...starting);
      world.waiting = world.waiting.filter(({ id }) => !starting.some((each) => each.id === id));
      return starting;
    },
  };
  return world;
}

function countsOf(line: readonly Turn[]): number[] {
  return [...Map.groupBy(line, ({ userId }) => userId).values()].map(({ length }) => length);
}

function expectWithinLimits(running: readonly Turn[], max: number | null): void {
  const tally = tallyOf(running);
  if (running.length > 1) expect(tally.tasks).toBeLessThanOrEqual(max ?? Number.POSITIVE_INFINITY);
  for (const each of running) {
    const [person = '', member = '', server = ''] = keysOf(each);
    expect(tally.requestsOf(person)).toBeLessThanOrEqual(each.limits.person ?? Number.POSITIVE_INFINITY);
    expect(tally.requestsOf(member)).toBeLessThanOrEqual(each.limits.member ?? Number.POSITIVE_INFINITY);
    expect(tally.requestsOf(server)).toBeLessThanOrEqual(each.limits.server ?? Number.POSITIVE_INFINITY);
  }
}

function tallyOf(running: readonly Turn[]): Tally {
  return {
    requestsOf: (key) => running.filter((each) => keysOf(each).includes(key)).length,
    tasks: running.reduce((sum, { tasks }) => sum + tasks, 0),
  };
}

function turn(number: number, userId: string, more: Partial<WaitingTurn> = {}): WaitingTurn {
  return { id: id(number), userId, guildId: 'server', tasks: 1, limits: NO_LIMITS, since: 0, ...more };
}

function id(number: number): string {
  return String(number).padStart(6, '0');
}

function ids(line: readonly Turn[]): number[] {
  return line.map((each) => Number(each.id));
}
