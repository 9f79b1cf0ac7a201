import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReplyAddress } from '../../../../src/services/ledger/reserve.ts';
import { transitions } from '../../../../src/services/ledger/transitions.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('a request for several images has as many tasks, which keep their order', async () => {
  const id = await file.reserve({ request: { count: 4 } });
  const before = await tasksOf(id);
  expect(before.map(({ state }) => state)).toEqual(['reserved', 'reserved', 'reserved', 'reserved']);
  expect(new Set(before.map((task) => task.id)).size).toBe(4);
  const [first, , third] = before;
  if (!first || !third) throw new Error('there are no tasks');
  await file.ledger.tasks.save('reserved', transitions.submit(2_000).to(third));
  await file.reopen();
  expect((await tasksOf(id)).map((task) => task.id)).toEqual(before.map((task) => task.id));
  expect((await tasksOf(id)).map(({ state }) => state)).toEqual([
    'reserved',
    'reserved',
    'submitting',
    'reserved',
  ]);
});

test.each([
  ['the same by its owner', {}, true],
  ['something else by its owner', { request: { prompt: 'an owl' } }, false],
  ['the same by somebody else', { userId: '301' }, false],
])('%s, made from a generation and under way, is a retry or not', async (_, changes, isRetry) => {
  const parentId = await file.deliver();
  expect(await file.ledger.generations.isBeingRetried(parentId)).toBe(false);
  const child = await file.reserve({ parentId, ...changes });
  expect(await file.ledger.generations.isBeingRetried(parentId)).toBe(isRetry);
  await file.ledger.generations.settle(child, null, []);
  expect(await file.ledger.generations.isBeingRetried(parentId)).toBe(false);
});

test('of two retries that are asked for at once, one is written', async () => {
  const parentId = await file.deliver();
  const asked = await Promise.all([
    file.ask({ parentId, retry: true }),
    file.ask({ parentId, retry: true }),
    file.ask({ parentId }),
  ]);
  expect(asked.map((answer) => (typeof answer === 'string' ? 'written' : answer.kind))).toEqual([
    'written',
    'retry-under-way',
    'written',
  ]);
});

test('a generation is found by the message that is its reply, until that is deleted', async () => {
  const id = await file.deliver({ request: { count: 2 } });
  const messageId = `message-${id}`;
  expect((await file.ledger.generations.findByMessage(messageId))?.generation.id).toBe(id);
  expect(await file.ledger.generations.findByMessage('another')).toBeNull();

  await file.ledger.generations.forgetMessage(id, messageId);
  expect(await file.ledger.generations.findByMessage(messageId)).toBeNull();
  expect((await file.ledger.generations.find(id))?.generation.message).toBeNull();
  expect(await attachmentsOf(id)).toEqual([null, null]);
});

test('a message from before the reply moved on can be deleted without the reply being forgotten', async () => {
  const id = await file.deliver({ request: { count: 2 } });
  await file.ledger.generations.forgetMessage(id, 'an earlier one');
  expect((await file.ledger.generations.findByMessage(`message-${id}`))?.generation.id).toBe(id);
  expect(await attachmentsOf(id)).not.toContain(null);
});

test('a message that there is already, such as a question, becomes the reply', async () => {
  const id = await file.reserve({ message: { id: 'question', channelId: '400' } });
  expect((await file.ledger.generations.findByMessage('question'))?.generation.id).toBe(id);
});

test('a person is told that it is done at most once, and anew after it was taken up again', async () => {
  const id = await gaveUp();
  expect(await file.ledger.generations.claimNotice(id)).toBe(true);
  expect(await file.ledger.generations.claimNotice(id)).toBe(false);
  expect(await file.ledger.generations.claimNotice('nothing')).toBe(false);
  await file.ledger.generations.reopen(id, ADDRESS, null, []);
  expect(await file.ledger.generations.claimNotice(id)).toBe(true);
});

test('taken up again in another message, its images are no longer where they were', async () => {
  const id = await gaveUp();
  const [delivered, lost] = await tasksOf(id);
  if (!lost) throw new Error('there is no second task');
  expect(delivered?.attachmentId).toBe('attachment-1');
  const place = { id: 'elsewhere', channelId: '500' };
  const again = [{ from: lost.state, task: transitions.reopen(9_000).to(lost) }];
  expect(await file.ledger.generations.reopen(id, ADDRESS, place, again)).toBe(true);
  expect(await attachmentsOf(id)).toEqual([null, null]);
  expect((await file.ledger.generations.find(id))?.generation).toMatchObject({
    ...ADDRESS,
    message: place,
    settledAt: null,
  });
});

test('taken up again in its own message, its images are still there', async () => {
  const id = await gaveUp();
  expect(await file.ledger.generations.reopen(id, ADDRESS, REPLY, [])).toBe(true);
  expect(await attachmentsOf(id)).toEqual(['attachment-1', null]);
});

test('a task that turns out to be known is served again where its reply is', async () => {
  const id = await gaveUp();
  const before = await file.ledger.generations.find(id);
  expect(await file.ledger.generations.resume(id, [])).toBe(true);
  const after = await file.ledger.generations.find(id);
  expect(after?.generation).toEqual({ ...before?.generation, settledAt: null });
  expect(await attachmentsOf(id)).toEqual(['attachment-1', null]);
  expect(await file.ledger.generations.resume(id, [])).toBe(false);
});

test('what is not settled is not taken up again, and keeps its images’ places', async () => {
  const id = await gaveUp();
  await file.ledger.generations.reopen(id, ADDRESS, REPLY, []);
  expect(await file.ledger.generations.reopen(id, ADDRESS, null, [])).toBe(false);
  expect(await attachmentsOf(id)).toEqual(['attachment-1', null]);
});

const ADDRESS: ReplyAddress = {
  applicationId: '200',
  token: 'a newer token',
  guildId: null,
  channelId: '400',
  private: false,
  named: true,
  lasting: true,
  attachmentSizeLimit: 1_000,
};
const REPLY = { id: 'reply', channelId: '400' };

/** One of two images delivered, the other one given up. */
async function gaveUp(): Promise<string> {
  const id = await file.reserve({ request: { count: 2 } });
  const [first, second] = (await tasksOf(id)).map((task) => {
    const running = transitions.run(`service-${task.id}`, 2_000).to(transitions.submit(2_000).to(task));
    return transitions.complete('https://x.example/1.png', 3_000).to(running);
  });
  if (!first || !second) throw new Error('there are no two tasks');
  await file.ledger.generations.settle(id, REPLY, [
    { from: 'reserved', task: transitions.deliver('attachment-1').to(first) },
    { from: 'reserved', task: transitions.giveUp('image-unreachable').to(second) },
  ]);
  return id;
}

async function tasksOf(id: string) {
  return (await file.ledger.generations.find(id))?.tasks ?? [];
}

async function attachmentsOf(id: string) {
  return (await tasksOf(id)).map(({ attachmentId }) => attachmentId);
}
