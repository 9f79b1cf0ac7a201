import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../../src/services/runner/collect.ts';
import { deliver } from '../../../src/services/runner/deliver.ts';
import { hold, putAside } from '../../../src/services/runner/hold.ts';
import type { Job } from '../../../src/services/runner/job.ts';
import { allKept, keepMeanwhile } from '../../../src/services/runner/keep.ts';
import { isAtHand } from '../../../src/services/runner/pictures.ts';
import { createWorkshop, type Workshop } from './workshop.ts';

const PLACES = 4;

let picture: Buffer;
beforeAll(async () => {
  const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#f80' } });
  picture = await plain.png().toBuffer();
});

let workshop: Workshop;
beforeEach(() => {
  workshop = createWorkshop({ places: PLACES });
});
afterEach(() => workshop.close());

test('each of several images waits on disk for the others, and takes no memory', async () => {
  const job = await made(2);
  await collectAll(job);
  expect(inMemory(job)).toEqual([false, false]);
  expect(onDisk(job)).toEqual([true, true]);
});

test('what is on disk already is not fetched again', async () => {
  const job = await made(2);
  await collectAll(job);
  await collectAll(job);
  expect(job.tasks.map(({ row }) => row.state)).toEqual(['completed', 'completed']);
});

describe('while the disk can not be written, each of several images', () => {
  let mend: () => void;
  beforeEach(() => {
    mend = workshop.spoilDisk();
  });

  test('stays in memory, and arrives though the service no longer has it', async () => {
    const job = await made(3);
    await collectAll(job);
    expect(inMemory(job)).toEqual([true, true, true]);
    await deliver(job, workshop.deps);
    expect(workshop.messages.at(-1)?.images).toHaveLength(3);
  });

  test('can be shown at once, and the reply is told so', async () => {
    const job = await made(2);
    const [task] = job.tasks;
    if (!task) throw new Error('it has two');
    let wasAtHand = false;
    job.changed = () => {
      wasAtHand ||= isAtHand(task);
    };
    await collect(task, job, workshop.deps);
    expect(wasAtHand).toBe(true);
  });

  test('is let go of once the reply has it', async () => {
    const job = await made(2);
    await collectAll(job);
    await deliver(job, workshop.deps);
    putAside(job.tasks, job, workshop.deps);
    expect(inMemory(job)).toEqual([false, false]);
  });

  test('is not fetched again when the reply needs others besides it', async () => {
    const job = await made(2);
    await collectAll(job, [0]);
    mend();
    await collectAll(job, [1]);
    expect(inMemory(job)).toEqual([true, false]);
    await hold(job.tasks, job, workshop.deps, job.stopping);
    expect(inMemory(job)).toEqual([true, true]);
  });

  test('is put on disk once that works again', async () => {
    const job = await made(2);
    await collectAll(job);
    mend();
    keepMeanwhile(job, workshop.deps);
    await allKept(job);
    expect(onDisk(job)).toEqual([true, true]);
  });

  test('gives way to what else needs the memory, and is given up if it is gone then', async () => {
    await workshop.close();
    workshop = createWorkshop({ places: PLACES, taskDeadlineMs: 0 });
    workshop.spoilDisk();
    const [job, other] = [await made(2), await made(4)];
    await collectAll(job);
    await collectAll(other, [0, 1]);
    expect(inMemory(job)).toEqual([true, true]);
    await collectAll(other, [2]);
    expect(inMemory(job)).toEqual([false, true]);
    await deliver(job, workshop.deps);
    expect(workshop.messages.at(-1)).toMatchObject({
      content: 'image-gone, completed',
      images: [expect.anything()],
    });
  });

  test('never makes requests wait for each other that need more memory than is left', async () => {
    const jobs = [await made(4), await made(4), await made(4)];
    await Promise.all(jobs.map((job) => collectAll(job, [0, 1])));
    await Promise.all(jobs.map((job) => collectAll(job, [2, 3])));
    await Promise.all(
      jobs.map(async (job) => {
        await hold(job.tasks, job, workshop.deps, job.stopping);
        putAside(job.tasks, job, workshop.deps);
      }),
    );
    expect(workshop.deps.room.isSought).toBe(false);
  });
});

function made(count: number): Promise<Job> {
  return workshop.made(Array<Buffer>(count).fill(picture));
}

async function collectAll(job: Job, only = [...job.tasks.keys()]): Promise<void> {
  const chosen = job.tasks.filter((_, index) => only.includes(index));
  await Promise.all(chosen.map((task) => collect(task, job, workshop.deps)));
}

function inMemory({ tasks }: Job): boolean[] {
  return tasks.map(({ image }) => image !== null);
}

function onDisk({ tasks }: Job): boolean[] {
  return tasks.map(({ row }) => row.imageFile !== null);
}
