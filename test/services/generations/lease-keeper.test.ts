import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkBeforeSending } from '../../../src/services/discord/before-sending.ts';
import { heldReplies } from '../../../src/services/generations/held-replies.ts';
import type { Job } from '../../../src/services/generations/job.ts';
import {
  createLeaseKeeper,
  type LeaseKeeper,
  SHORTEST_PAUSE,
} from '../../../src/services/generations/lease-keeper.ts';
import { Serving } from '../../../src/services/generations/serving.ts';
import {
  LEASE_MS,
  type LeaseLedger,
  LeaseLostError,
  RENEW_EVERY_MS,
  type Renewal,
} from '../../../src/services/ledger/leases.ts';
import { createWakeUps } from '../../../src/services/ledger/wake-ups.ts';
import { generationRow } from '../rows.ts';

const MESSAGE = { content: '', embeds: [], components: [], images: [] };

const wakeUps = createWakeUps();
let elapsed: number;
let serving: Map<string, Serving>;
let taken: { ids: readonly string[]; heldUntil: number }[];
/** What nobody serves, as the ledger hands it out. */
let unserved: string[];
let renewal: () => Promise<Renewal>;
let renewals: number;
let keeper: LeaseKeeper;

beforeEach(() => {
  elapsed = 0;
  serving = new Map();
  taken = [];
  unserved = [];
  renewals = 0;
  renewal = async () => ({ lost: [], cancelled: [], besides: [] });
  const leases: LeaseLedger = {
    lengthMs: LEASE_MS,
    claim: async (most) => unserved.splice(0, most),
    async renew() {
      renewals += 1;
      return renewal();
    },
    async release(ids) {
      unserved.push(...ids);
    },
  };
  keeper = createLeaseKeeper({
    ledger: { leases, wakeUps },
    serving,
    take: (ids, heldUntil) => void taken.push({ ids, heldUntil }),
    elapsed: () => elapsed,
    log: pino({ level: 'silent' }),
  });
});
afterEach(() => keeper.stop());

test('all that nobody serves is taken over at the start, however much it is', async () => {
  unserved = Array.from({ length: 250 }, (_, index) => `generation ${index}`);
  expect(await keeper.start()).toBe(250);
  expect(taken.flatMap(({ ids }) => ids)).toHaveLength(250);
  expect(taken[0]).toMatchObject({ heldUntil: LEASE_MS });
});

test('what a process gives up later is taken over as soon as that is told', async () => {
  expect(await keeper.start()).toBe(0);
  unserved = ['left'];
  wakeUps.tell({ kind: 'unserved' });
  await vi.waitFor(() => expect(taken.flatMap(({ ids }) => ids)).toEqual(['left']));
});

test('a lease is renewed in time, and lasts from when that was asked', async () => {
  const served = serve('1');
  await keeper.start();
  expect(renewals).toBe(0);
  await roundAt(RENEW_EVERY_MS);
  expect(served.heldUntil).toBe(RENEW_EVERY_MS + LEASE_MS);
});

test('the shortest pause between two rounds is long enough to renew, so that two renewals may fail', async () => {
  serve('1');
  await keeper.start();
  await roundAt(RENEW_EVERY_MS * SHORTEST_PAUSE);
  expect(renewals).toBe(1);
  expect(3 * RENEW_EVERY_MS).toBeLessThan(LEASE_MS);
});

test('what the ledger says is another’s ends at once, and everything else goes on', async () => {
  const [lost, kept] = [serve('1'), serve('2')];
  await keeper.start();
  renewal = async () => ({ lost: ['1'], cancelled: [], besides: [] });
  await roundAt(RENEW_EVERY_MS);
  expect(lost.halt.signal.reason).toBeInstanceOf(LeaseLostError);
  expect(() => lost.require()).toThrow(LeaseLostError);
  expect(kept.isLost).toBe(false);
});

test('a cancel whose wake-up got lost is heard of with the renewal', async () => {
  const served = serve('1');
  await keeper.start();
  renewal = async () => ({ lost: [], cancelled: ['1'], besides: [] });
  await roundAt(RENEW_EVERY_MS);
  expect(served.halt.signal.aborted).toBe(true);
  expect(served.stopping.signal.aborted).toBe(false);
});

test('what the process holds and does not serve is taken over once a second renewal has found it', async () => {
  await keeper.start();
  renewal = async () => ({ lost: [], cancelled: [], besides: ['orphan'] });
  await roundAt(RENEW_EVERY_MS);
  expect(taken.flatMap(({ ids }) => ids)).toEqual([]);
  await roundAt(2 * RENEW_EVERY_MS);
  expect(taken.flatMap(({ ids }) => ids)).toEqual(['orphan']);
});

test('while the ledger is out of reach, a lease ends by the clock of the process', async () => {
  const served = serve('1');
  await keeper.start();
  renewal = async () => {
    throw new Error('the connection is gone');
  };
  await roundAt(LEASE_MS - 1);
  expect(served.isLost).toBe(false);
  await roundAt(LEASE_MS + RENEW_EVERY_MS);
  expect(served.isLost).toBe(true);
});

test('a process that was stopped past its lease edits nothing when it goes on', async () => {
  const served = serve('1');
  const edits: string[] = [];
  const record = async ({ id }: { id: string }) => {
    edits.push(id);
    return null;
  };
  const overtaken = vi.fn<(id: string) => void>();
  const replies = heldReplies({ edit: record, deliver: record }, serving, overtaken);
  const generation = generationRow({ id: '1' });
  const log = pino({ level: 'silent' });
  served.job = { generation, tasks: [] } as Partial<Job> as Job;
  await replies.edit(generation, MESSAGE, log);
  elapsed = LEASE_MS;
  await expect(replies.edit(generation, MESSAGE, log)).rejects.toThrow(LeaseLostError);
  await expect(replies.deliver(generation, MESSAGE, log)).rejects.toThrow(LeaseLostError);
  expect(edits).toEqual(['1']);
  expect(overtaken).not.toHaveBeenCalled();
});

test('an edit that is on its way when the lease ends is told as overtaken, since it may land after the last word', async () => {
  const served = serve('1');
  served.job = { generation: generationRow({ id: '1' }), tasks: [] } as Partial<Job> as Job;
  const send = async () => {
    checkBeforeSending();
    elapsed = LEASE_MS;
    return null;
  };
  const overtaken = vi.fn<(id: string) => void>();
  const replies = heldReplies({ edit: send, deliver: send }, serving, overtaken);
  await replies.edit(generationRow({ id: '1' }), MESSAGE, pino({ level: 'silent' }));
  expect(overtaken.mock.calls).toEqual([['1']]);
});

test('a job whose generation was taken over anew edits nothing, though the process holds the lease', async () => {
  serve('1');
  const never = async () => {
    throw new Error('it was edited');
  };
  const replies = heldReplies({ edit: never, deliver: never }, serving, () => undefined);
  const edit = replies.edit(generationRow({ id: '1' }), MESSAGE, pino({ level: 'silent' }));
  await expect(edit).rejects.toThrow(LeaseLostError);
});

function serve(id: string): Serving {
  const served = new Serving(id, null, LEASE_MS, () => elapsed);
  serving.set(id, served);
  return served;
}

/** Lets the keeper look at that time, and waits until it has. */
async function roundAt(ms: number): Promise<void> {
  elapsed = ms;
  const before = renewals;
  wakeUps.tell({ kind: 'unserved' });
  await vi.waitFor(() => expect(renewals).toBe(before + 1));
  await setImmediate();
}
