import { afterEach, beforeEach, expect, test } from 'vitest';
import { LeaseLostError } from '../../../../src/services/ledger/leases.ts';
import type { ReplyAddress } from '../../../../src/services/ledger/reserve.ts';
import type { Task } from '../../../../src/services/ledger/rows.ts';
import { transitions } from '../../../../src/services/ledger/transitions.ts';
import { openForTwo, type SharedLedger, type TwoProcesses } from '../two-processes.ts';

const PLACE = { id: 'message', channelId: '400' };

let two: TwoProcesses;
let here: SharedLedger;
let there: SharedLedger;
beforeEach(async () => {
  two = await openForTwo();
  ({ here, there } = two);
});
afterEach(() => two.close());

test('whoever wrote a request down serves it, and nobody else takes it', async () => {
  const id = await two.reserve(here);
  expect(await there.leases.claim(10)).toEqual([]);
  expect(await here.leases.claim(10)).toEqual([]);
  expect(await here.leases.renew([id])).toMatchObject({ lost: [], cancelled: [] });
  expect(await there.leases.renew([id])).toMatchObject({ lost: [id], cancelled: [] });
});

test('what a process gives up is taken by one other, the oldest first, and no more than it asks for', async () => {
  const ids = [await two.reserve(here), await two.reserve(here), await two.reserve(here)];
  await there.leases.release(ids);
  expect(await there.leases.claim(10)).toEqual([]);
  await here.leases.release(ids);
  expect(await there.leases.claim(2)).toEqual(ids.slice(0, 2));
  expect(await here.leases.claim(2)).toEqual(ids.slice(2));
  expect(await here.leases.renew(ids)).toMatchObject({ lost: ids.slice(0, 2), cancelled: [] });
});

test('what is settled is given up by nobody and taken by nobody', async () => {
  const id = await two.reserve(here);
  await here.generations.settle(id, null, []);
  await here.leases.release([id]);
  expect(await there.leases.claim(10)).toEqual([]);
  expect(await here.leases.renew([id])).toMatchObject({ lost: [], cancelled: [] });
});

test('a cancel by any process reaches the one that serves the generation', async () => {
  const id = await two.reserve(here);
  expect(await there.generations.requestCancel(id)).toBe(true);
  expect(await here.leases.renew([id])).toMatchObject({ lost: [], cancelled: [id] });
});

test('what is settled is reopened to the process that does it, and to no other meanwhile', async () => {
  const id = await two.reserve(here);
  const reopen = (by: SharedLedger) => by.generations.reopen(id, ADDRESS, PLACE, []);
  expect(await reopen(there)).toBe(false);
  await here.generations.settle(id, PLACE, []);
  expect(await reopen(there)).toBe(true);
  expect(await reopen(here)).toBe(false);
  expect(await here.leases.renew([id])).toMatchObject({ lost: [id] });
  expect(await here.generations.claimNotice(id)).toBe(false);
  expect(await there.generations.claimNotice(id)).toBe(true);
});

test.each<[string, (id: string, task: Task) => Promise<unknown>]>([
  ['the licence to create', (_, task) => here.tasks.save('reserved', transitions.submit(1).to(task))],
  ['the deferred reply', (id) => here.generations.acknowledge(id)],
  ['where the reply stands', (id) => here.generations.setMessage(id, PLACE)],
  ['a reference', (generationId) => here.generations.keepReference({ ...REFERENCE, generationId }, 'a.png')],
  ['a place in line', (id) => here.turns.putBack(id)],
  ['the last word', (id, task) => here.generations.settle(id, PLACE, [{ from: 'reserved', task }])],
])('whoever has lost the lease changes nothing: %s', async (_, write) => {
  const id = await two.reserve(here);
  await here.leases.release([id]);
  await there.leases.claim(1);
  const before = await there.generations.find(id);
  const [task] = before?.tasks ?? [];
  if (!task) throw new Error('the generation has a task');
  await expect(write(id, task)).rejects.toThrow(LeaseLostError);
  expect(await there.generations.find(id)).toEqual(before);
});

test('a write that comes too late spoils none that is committed with it', async () => {
  const [lost, kept] = [await two.reserve(here), await two.reserve(here)];
  await here.leases.release([lost]);
  const late = here.generations.setMessage(lost, PLACE).catch((error: unknown) => error);
  await here.generations.setMessage(kept, PLACE);
  expect(await late).toBeInstanceOf(LeaseLostError);
  expect((await here.generations.find(kept))?.generation.message).toEqual(PLACE);
});

test('what nobody serves stands in no line, and what another serves begins nowhere else', async () => {
  const [own, others, nobodys] = [
    await two.reserve(here),
    await two.reserve(there),
    await two.reserve(there),
  ];
  await there.leases.release([nobodys]);
  await there.generations.acknowledge(others);
  await here.turns.decide(({ waiting }) => {
    const seen = waiting.map(({ id, isElsewhere }) => ({ id, isElsewhere }));
    expect(seen).toEqual([
      { id: own, isElsewhere: false },
      { id: others, isElsewhere: true },
    ]);
    return [own, others];
  });
  expect((await here.generations.find(own))?.generation.startedAt).not.toBeNull();
  expect((await here.generations.find(others))?.generation.startedAt).toBeNull();
});

const ADDRESS: ReplyAddress = {
  applicationId: '200',
  token: 'another token',
  guildId: null,
  channelId: '400',
  private: true,
  named: true,
  lasting: false,
  attachmentSizeLimit: 1,
};
const REFERENCE = { position: 0, name: 'fox.jpg', source: 'discord', url: null, file: null } as const;
