import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Task } from '../../../../src/services/ledger/rows.ts';
import { transitions } from '../../../../src/services/ledger/transitions.ts';
import { reservation } from '../requests.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('a reservation holds everything that is needed to answer after a restart', async () => {
  const id = await reserve();
  await file.reopen();
  const found = await file.ledger.generations.find(id);
  const { references: _, draftId: __, limits: ___, cost: ____, ...columns } = reservation;
  expect(found?.generation).toMatchObject({ ...columns, createdAt: 1000, acknowledgedAt: null });
  expect(found?.tasks).toMatchObject([{ generationId: id, state: 'reserved', serviceTaskId: null }]);
  expect(found?.references).toMatchObject([
    { position: 0, name: 'fox.jpg', source: 'discord', url: 'https://cdn.discordapp.com/fox.jpg' },
  ]);
});

test('an interaction that arrives twice is reserved once', async () => {
  await reserve();
  expect(await file.ledger.generations.reserve(reservation)).toBeNull();
  expect(await file.ledger.generations.unsettled()).toHaveLength(1);
});

test('generations are unsettled, oldest first, until their last word is visible', async () => {
  const first = await reserve('1');
  const second = await reserve('2');
  expect(await file.ledger.generations.unsettled()).toEqual([first, second]);
  await file.ledger.generations.settle(first, null, []);
  expect(await file.ledger.generations.unsettled()).toEqual([second]);
});

test('a task is saved where its row is still in the state that it comes from, and nowhere else', async () => {
  const task = await taskOf(await reserve());
  const submitting = transitions.submit(2000).to(task);
  expect(await file.ledger.tasks.save('reserved', submitting)).toBe(true);
  expect(await file.ledger.tasks.save('reserved', submitting)).toBe(false);
  const running = transitions.run('service-1', 3000).to(submitting);
  expect(await file.ledger.tasks.save('submitting', running)).toBe(true);
  expect(await taskOf(running.generationId)).toEqual({
    ...task,
    state: 'running',
    serviceTaskId: 'service-1',
    submittedAt: 3000,
    watchedSince: 3000,
  });
});

test('a tool that answers with words comes back with what it was told, and with its words', async () => {
  const tool = { name: 'describe', language: 'English', images: { count: 1, private: false } } as const;
  const request = { ...reservation.request, tool };
  const task = await taskOf((await file.ledger.generations.reserve({ ...reservation, request })) as string);
  const submitting = transitions.submit(2000).to(task);
  await file.ledger.tasks.save('reserved', submitting);
  const answered = transitions.answer('雪中的 "fox" 🦊', 3000, 0.002).to(submitting);
  await file.ledger.tasks.save('submitting', answered);
  await file.reopen();
  const found = await file.ledger.generations.find(task.generationId);
  expect(found?.generation.request).toEqual(request);
  expect(found?.tasks).toMatchObject([{ state: 'completed', answer: '雪中的 "fox" 🦊', cost: 0.002 }]);
});

test('what an earlier try has written counts as written, except that a task is being sent', async () => {
  const task = await taskOf(await reserve());
  const submitting = transitions.submit(2000).to(task);
  await file.ledger.tasks.save('reserved', submitting);
  expect(await file.ledger.tasks.save('reserved', submitting)).toBe(false);
  const running = transitions.run('service-1', 3000).to(submitting);
  await file.ledger.tasks.save('submitting', running);
  expect(await file.ledger.tasks.save('submitting', running)).toBe(true);
  expect(await file.ledger.tasks.save('submitting', { ...running, serviceTaskId: 'service-2' })).toBe(false);
  expect(await taskOf(task.generationId)).toEqual(running);
});

test('a row that fell behind catches up in one write', async () => {
  const task = await taskOf(await reserve());
  await file.ledger.tasks.save('reserved', transitions.submit(2000).to(task));
  const completed = transitions
    .complete('https://x/1.png', 4000)
    .to(transitions.run('service-1', 3000).to(task));
  expect(await file.ledger.tasks.save('submitting', completed)).toBe(true);
  expect(await taskOf(task.generationId)).toEqual(completed);
});

test('settling writes the place of the reply and the end of each task in one go, or nothing at all', async () => {
  const id = await reserve();
  const task = await taskOf(id);
  const place = { id: 'm1', channelId: 'c1' };
  const refused = transitions.refuse({ reason: 'credit', words: '余额不足' }, 5000).to(task);
  await expect(
    file.ledger.generations.settle(id, place, [{ from: 'running', task: refused }]),
  ).rejects.toThrow(/is not running/);
  expect((await file.ledger.generations.find(id))?.generation).toMatchObject({
    message: null,
    settledAt: null,
  });

  await file.ledger.generations.settle(id, place, [{ from: 'reserved', task: refused }]);
  expect((await file.ledger.generations.find(id))?.generation).toMatchObject({
    message: place,
    settledAt: 1000,
  });
  expect(await taskOf(id)).toEqual(refused);
});

test('tokens are emptied once they have expired', async () => {
  const old = await reserve('1');
  file.now = 2_000;
  const young = await reserve('2');
  await file.ledger.generations.forgetTokens(2_000);
  expect((await file.ledger.generations.find(old))?.generation.token).toBeNull();
  expect((await file.ledger.generations.find(young))?.generation.token).toBe('interaction-token');
});

async function reserve(interactionId = reservation.interactionId): Promise<string> {
  const id = await file.ledger.generations.reserve({ ...reservation, interactionId });
  if (typeof id !== 'string') throw new Error('the interaction was not reserved');
  return id;
}

async function taskOf(generationId: string): Promise<Task> {
  const [task] = (await file.ledger.generations.find(generationId))?.tasks ?? [];
  if (!task) throw new Error('there is no such task');
  return task;
}
