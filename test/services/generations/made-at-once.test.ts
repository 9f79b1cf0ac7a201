import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../../src/services/generations/job.ts';
import { deliver } from '../../../src/services/generations/stages/deliver.ts';
import { download } from '../../../src/services/generations/stages/download.ts';
import { submit } from '../../../src/services/generations/stages/submit.ts';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import type { Created } from '../../../src/services/image-service/service.ts';
import { KEPT_IMAGE } from '../../../src/services/ledger/rows.ts';
import { canReopen, transitions } from '../../../src/services/ledger/transitions.ts';
import { noise } from '../../support/pictures.ts';
import { createWorkshop, type Workshop } from './workshop.ts';

let picture: Buffer;
beforeAll(async () => {
  picture = await noise(40, 30).png().toBuffer();
});

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop();
});
afterEach(() => workshop.close());

describe('an image that comes with the answer', () => {
  test('is on disk before the row says that it is there', async () => {
    const job = await workshop.reserved();
    await made(job, { kind: 'image', bytes: picture, cost: 0.04 });
    const again = await workshop.again(job);
    const { row } = only(again);
    expect(row).toMatchObject({ state: 'completed', imageUrl: KEPT_IMAGE, cost: 0.04, serviceTaskId: null });
    expect(await workshop.deps.files.read(row.imageFile ?? '')).toEqual(picture);
  });

  test('is delivered by the next process, without a word to the service', async () => {
    const job = await workshop.reserved();
    await made(job, { kind: 'image', bytes: picture });
    const again = await workshop.again(job);
    await download(only(again), again, workshop.images(again), workshop.deps);
    await deliver(again, workshop.images(again), workshop.deps);
    expect(workshop.messages.at(-1)?.images[0]?.file?.attachment).toEqual(picture);
  });

  test('counts as made in the time that the create took', async () => {
    const job = await workshop.reserved();
    await made(job, async () => {
      workshop.advance(40_000);
      return { kind: 'image', bytes: picture };
    });
    const { submittedAt, watchedSince, endedAt } = only(job).row;
    expect(watchedSince).toBe(submittedAt);
    expect((endedAt ?? 0) - (submittedAt ?? 0)).toBe(40_000);
  });

  test('arrives from memory where the disk is full', async () => {
    const job = await workshop.reserved(2);
    const repair = workshop.spoilDisk();
    await made(job, { kind: 'image', bytes: picture });
    const images = workshop.images(job);
    for (const task of job.tasks) await download(task, job, images, workshop.deps);
    await deliver(job, images, workshop.deps);
    expect(workshop.messages.at(-1)?.images.map(({ file }) => file?.attachment)).toEqual([picture, picture]);
    repair();
  });

  test('that Discord refuses stays in reach, though no address leads to it', async () => {
    const job = await workshop.reserved();
    await made(job, { kind: 'image', bytes: picture });
    await job.apply(only(job), transitions.giveUp('discord-refused'));
    expect(canReopen(only(job).row)).toBe(true);
    await job.apply(only(job), transitions.reopen(workshop.deps.now()));
    const again = await workshop.again(job);
    await download(only(again), again, workshop.images(again), workshop.deps);
    expect(only(again).image?.bytes).toEqual(picture);
  });

  test.each([1, 2])('and is none that can be shown ends at once, for good: one of %s', async (count) => {
    const job = await workshop.reserved(count);
    await made(job, { kind: 'image', bytes: Buffer.from('<html>sorry</html>') });
    const images = workshop.images(job);
    for (const task of job.tasks) await download(task, job, images, workshop.deps);
    for (const { row } of job.tasks) {
      expect(row).toMatchObject({ state: 'undeliverable', reason: 'image-broken' });
      expect(canReopen(row)).toBe(false);
    }
  });
});

test('an address in the answer is where the image is fetched from', async () => {
  const job = await workshop.reserved();
  await made(job, { kind: 'image', url: 'https://x.example/1.png' });
  expect((await workshop.again(job)).tasks[0]?.row).toMatchObject({
    state: 'completed',
    imageUrl: 'https://x.example/1.png',
    imageFile: null,
  });
});

test('while a create waits for the image, the reply says that it is being made', async () => {
  const job = await workshop.reserved();
  await made(job, async () => {
    expect(only(job)).toMatchObject({ said: 'running', row: { state: 'submitting' } });
    expect(only(job).readyAt).toBeGreaterThan(workshop.deps.now());
    return { kind: 'image', bytes: picture };
  });
});

test('an answer that was lost leaves the task unconfirmed', async () => {
  const job = await workshop.reserved();
  await made(job, async () => {
    throw new ImageServiceError('timeout', 'No answer', { charged: 'maybe' });
  });
  expect(only(job).row).toMatchObject({ state: 'unconfirmed', reason: 'outcome-unknown' });
});

/** Submits the job's tasks to a service that answers like this. */
async function made(job: Job, answer: Created | (() => Promise<Created>)): Promise<void> {
  const create = typeof answer === 'function' ? answer : async () => answer;
  const deps = { ...workshop.deps, service: { makesAtOnce: true, create } };
  for (const task of job.tasks)
    await submit(task, job, async () => ({ references: [], mask: null }), workshop.images(job), deps);
}

function only({ tasks }: Job): Job['tasks'][number] {
  const [task] = tasks;
  if (!task) throw new Error('a job has its tasks');
  return task;
}
