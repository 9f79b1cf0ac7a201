import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobState } from '../../../src/services/generations/job.ts';
import type { ServeDeps } from '../../../src/services/generations/serve.ts';
import { createWorker, type Worker } from '../../../src/services/generations/worker.ts';
import { createRateLimiter } from '../../../src/services/reporting/rate-limiter.ts';
import type { Scheduler } from '../../../src/services/scheduler/scheduler.ts';
import { reservation } from '../ledger/requests.ts';
import { openForTwo, type SharedLedger, type TwoProcesses } from '../ledger/two-processes.ts';

interface Process {
  readonly ledger: SharedLedger;
  readonly worker: Worker;
  /** What it had Discord show, by the states of the tasks. */
  readonly shown: string[];
}

let two: TwoProcesses;
let here: Process;
let there: Process;
beforeEach(async () => {
  two = await openForTwo();
  here = process(two.here);
  there = process(two.there);
});
afterEach(async () => {
  await Promise.all([here.worker.stop(1000), there.worker.stop(1000)]);
  await two.close();
});

test('a cancel that one process is asked for stops the generation in the other, which says so', async () => {
  const id = await waitInLine(here);
  expect(await there.worker.cancel(id)).toBe(true);
  await settled(id);
  expect(here.shown.at(-1)).toBe('cancelled');
  expect(there.shown).toEqual([]);
  expect(await there.worker.cancel(id)).toBe(false);
});

test('what a process leaves when it stops, another takes over at once', async () => {
  const id = await waitInLine(here);
  expect(await there.worker.start()).toBe(0);
  await here.worker.stop(1000);
  const said = here.shown.length;
  await vi.waitFor(async () => expect((await two.there.leases.renew([id])).lost).toEqual([]));
  expect(await there.worker.cancel(id)).toBe(true);
  await settled(id);
  expect(there.shown.at(-1)).toBe('cancelled');
  expect(here.shown).toHaveLength(said);
});

test('a process that finds its lease lost when it writes says nothing, and leaves the row as it is', async () => {
  const id = await waitInLine(here);
  await two.here.leases.release([id]);
  await two.there.leases.claim(1);
  const said = here.shown.length;
  expect(await here.worker.cancel(id)).toBe(true);
  await here.worker.stop(1000);
  expect(here.shown).toHaveLength(said);
  expect(await two.there.generations.find(id)).toMatchObject({
    generation: { settledAt: null },
    tasks: [{ state: 'reserved' }],
  });
  expect(await two.there.leases.renew([id])).toMatchObject({ lost: [], cancelled: [id] });
});

/** Puts a request into the ledger, and waits until its reply is there and it stands in line. */
async function waitInLine({ ledger, worker }: Process): Promise<string> {
  const asked = { ...reservation, references: [] };
  expect(await worker.begin(asked, async () => undefined, performance.now())).toBe('begun');
  return vi.waitFor(async () => {
    const { waiting } = await ledger.turns.read();
    const [row] = waiting;
    if (!row) throw new Error('nothing waits yet');
    expect((await ledger.generations.find(row.id))?.generation.acknowledgedAt).not.toBeNull();
    return row.id;
  });
}

async function settled(id: string): Promise<void> {
  await vi.waitFor(async () =>
    expect((await two.here.generations.find(id))?.generation.settledAt).not.toBeNull(),
  );
}

/** A worker whose requests wait in line for ever, with no network. */
function process(ledger: SharedLedger): Process {
  const shown: string[] = [];
  const show = async (_: unknown, { content }: { content: string }) => {
    shown.push(content);
    return { id: 'message', channelId: '400', attachmentIds: [], notified: false };
  };
  const scheduler: Scheduler = {
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
    madeRoom: () => undefined,
    placesOf: async () => new Map(),
  };
  const deps = {
    ledger,
    scheduler,
    replies: { edit: show, deliver: show },
    render: ({ tasks }: JobState) => ({
      content: tasks.map(({ row }) => row.state).join(', '),
      embeds: [],
      components: [],
    }),
    observer: { settled: () => undefined, noticed: () => undefined },
    memory: { enter: async () => undefined, isSought: false } as Partial<
      ServeDeps['memory']
    > as ServeDeps['memory'],
    files: { removeAll: async () => undefined } as Partial<ServeDeps['files']> as ServeDeps['files'],
    unchargedRequests: { take: () => true, freeAt: () => null },
    progressEdits: createRateLimiter(50),
    schedule: { readyAtMs: () => null } as Partial<ServeDeps['schedule']> as ServeDeps['schedule'],
    now: () => 1000,
    elapsed: () => 0,
  } satisfies Partial<Record<keyof ServeDeps, unknown>> as unknown as ServeDeps & { ledger: SharedLedger };
  return { ledger, shown, worker: createWorker({ ...deps, log: pino({ level: 'silent' }) }) };
}
