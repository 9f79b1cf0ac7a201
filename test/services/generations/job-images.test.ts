import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../../src/services/generations/job.ts';
import { isAtHand } from '../../../src/services/generations/pictures.ts';
import { deliver } from '../../../src/services/generations/stages/deliver.ts';
import { download } from '../../../src/services/generations/stages/download.ts';
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
  await downloadEach(job);
  expect(inMemory(job)).toEqual([false, false]);
  expect(onDisk(job)).toEqual([true, true]);
});

test('what is on disk already is not fetched again', async () => {
  const job = await made(2);
  await downloadEach(job);
  await downloadEach(job);
  expect(job.tasks.map(({ row }) => row.state)).toEqual(['completed', 'completed']);
});

describe('while the disk cannot be written, each of several images', () => {
  let mend: () => void;
  beforeEach(() => {
    mend = workshop.spoilDisk();
  });

  test('stays in memory, and arrives though the service no longer has it', async () => {
    const job = await made(3);
    await downloadEach(job);
    expect(inMemory(job)).toEqual([true, true, true]);
    await deliver(job, workshop.images(job), workshop.deps);
    expect(workshop.messages.at(-1)?.images).toHaveLength(3);
  });

  test('can be shown at once, and the reply is told so', async () => {
    const job = await made(2);
    const [task] = job.tasks;
    if (!task) throw new Error('it has two');
    let wasAtHand = false;
    job.onChange(() => {
      wasAtHand ||= isAtHand(task);
    });
    await download(task, job, workshop.images(job), workshop.deps);
    expect(wasAtHand).toBe(true);
  });

  test('is let go of once the reply has it', async () => {
    const job = await made(2);
    await downloadEach(job);
    await deliver(job, workshop.images(job), workshop.deps);
    workshop.images(job).putAside();
    expect(inMemory(job)).toEqual([false, false]);
  });

  test('is not fetched again when the reply needs others besides it', async () => {
    const job = await made(2);
    await downloadEach(job, [0]);
    mend();
    await downloadEach(job, [1]);
    expect(inMemory(job)).toEqual([true, false]);
    await workshop.images(job).loadAll(job.tasks, job.stopping);
    expect(inMemory(job)).toEqual([true, true]);
  });

  test('is put on disk once that works again', async () => {
    const job = await made(2);
    await downloadEach(job);
    mend();
    workshop.images(job).spillAll();
    await workshop.images(job).spilled();
    expect(onDisk(job)).toEqual([true, true]);
  });

  test('gives way to what else needs the memory, and is given up if it is gone then', async () => {
    await workshop.close();
    workshop = createWorkshop({ places: PLACES, taskDeadlineMs: 0 });
    workshop.spoilDisk();
    const [job, other] = [await made(2), await made(4)];
    await downloadEach(job);
    await downloadEach(other, [0, 1]);
    expect(inMemory(job)).toEqual([true, true]);
    await downloadEach(other, [2]);
    expect(inMemory(job)).toEqual([false, true]);
    await deliver(job, workshop.images(job), workshop.deps);
    expect(workshop.messages.at(-1)).toMatchObject({
      content: 'image-gone, completed',
      images: [expect.anything()],
    });
  });

  test('never makes requests wait for each other that need more memory than is left', async () => {
    const jobs = [await made(4), await made(4), await made(4)];
    await Promise.all(jobs.map((job) => downloadEach(job, [0, 1])));
    await Promise.all(jobs.map((job) => downloadEach(job, [2, 3])));
    await Promise.all(
      jobs.map(async (job) => {
        await workshop.images(job).loadAll(job.tasks, job.stopping);
        workshop.images(job).putAside();
      }),
    );
    expect(workshop.deps.memory.isSought).toBe(false);
  });
});

function made(count: number): Promise<Job> {
  return workshop.made(Array<Buffer>(count).fill(picture));
}

async function downloadEach(job: Job, only = [...job.tasks.keys()]): Promise<void> {
  const chosen = job.tasks.filter((_, index) => only.includes(index));
  await Promise.all(chosen.map((task) => download(task, job, workshop.images(job), workshop.deps)));
}

function inMemory({ tasks }: Job): boolean[] {
  return tasks.map(({ image }) => image !== null);
}

function onDisk({ tasks }: Job): boolean[] {
  return tasks.map(({ row }) => row.imageFile !== null);
}
