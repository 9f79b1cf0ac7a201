import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesOf } from '../../../src/services/discord/reply-message.ts';
import { Job } from '../../../src/services/generations/job.ts';
import {
  forgetShown,
  isToUpload,
  markShown,
  picturesOf,
} from '../../../src/services/generations/pictures.ts';
import { inspectImage } from '../../../src/services/images/inspect.ts';
import type { Task } from '../../../src/services/ledger/rows.ts';
import { generationRow, HELD, taskRow } from '../rows.ts';
import { createWorkshop } from './workshop.ts';

const MIB = 1024 * 1024;
const NO_CHANGE = null;

let small: NonNullable<Job['tasks'][number]['image']>;
/** A small picture in a file of 11 MiB, which is quickly made smaller. */
let heavy: typeof small;

const workshop = createWorkshop();
afterAll(() => workshop.close());

beforeAll(async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f80' } })
    .png()
    .toBuffer();
  small = { bytes, info: await inspectImage(bytes) };
  heavy = { ...small, bytes: Buffer.concat([bytes, Buffer.alloc(11 * MIB)]) };
});

test('images come in the order of their tasks, without those that there are not', async () => {
  const job = jobOf({}, { state: 'failed', reason: 'content-policy' }, {}, { state: 'running' });
  give(job, small, [0, 2]);
  expect(await namesIn(job)).toEqual(['fox-gpt-image-2-1.png', 'fox-gpt-image-2-3.png']);
});

test('a single image has no number, and the prompt as its alt text', async () => {
  const job = jobOf({});
  give(job, small, [0]);
  const [picture] = await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps);
  expect(picture?.file).toMatchObject({ name: 'fox-gpt-image-2.png', description: 'fox' });
});

test('what the message shows already is kept, and not uploaded again', async () => {
  const job = jobOf({}, {});
  give(job, small, [1]);
  const early = await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps);
  markShown(early, shownWith(['id-2']));
  give(job, small, [0]);
  const pictures = await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps);
  expect(pictures.map(({ attachmentId }) => attachmentId)).toEqual([null, 'id-2']);
  expect(uploadsOf(pictures)).toEqual(['fox-gpt-image-2-1.png']);
});

test('what an earlier delivery left in the message stays in its place', async () => {
  const job = jobOf({}, { state: 'delivered', attachmentId: 'old' }, {});
  give(job, small, [0, 2]);
  const pictures = await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps);
  expect(pictures.map(({ attachmentId }) => attachmentId)).toEqual([null, 'old', null]);
  expect(uploadsOf(pictures)).toEqual(['fox-gpt-image-2-1.png', 'fox-gpt-image-2-3.png']);
});

test('what the message shows belongs to the reply without being in memory', async () => {
  const job = jobOf({}, {});
  give(job, small, [0, 1]);
  markShown(await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps), shownWith(['id-1', null]));
  give(job, null, [0, 1]);
  const [shown] = await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps);
  expect(shown).toMatchObject({ file: null, attachmentId: 'id-1' });
  expect(job.tasks.map(isToUpload)).toEqual([false, true]);
});

test('once Discord no longer has them, all are uploaded anew', async () => {
  const job = jobOf({}, {});
  give(job, small, [0, 1]);
  markShown(
    await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps),
    shownWith(['id-1', 'id-2']),
  );
  expect(uploadsOf(await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps))).toEqual([]);
  forgetShown(job);
  expect(uploadsOf(await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps))).toHaveLength(2);
});

test('where Discord does not tell which is which, nothing counts as shown', async () => {
  const job = jobOf({}, {});
  give(job, small, [0, 1]);
  markShown(await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps), shownWith([null, null]));
  expect(uploadsOf(await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps))).toHaveLength(2);
});

test('several images share what a request may weigh; one alone may use the whole limit of a file', async () => {
  expect(await changesUnder(12 * MIB, 1)).toEqual([NO_CHANGE]);
  expect(await changesUnder(12 * MIB, 2)).toEqual([NO_CHANGE, NO_CHANGE]);
  expect(await changesUnder(12 * MIB, 3)).toEqual(Array(3).fill('lossless-webp'));
  expect(await changesUnder(10 * MIB, 1)).toEqual(['lossless-webp']);
});

test('a place that takes larger files takes larger requests', async () => {
  expect(await changesUnder(50 * MIB, 4)).toEqual(Array(4).fill(NO_CHANGE));
});

test('an image that is shown already takes no share', async () => {
  const job = jobOf({}, {}, {});
  give(job, heavy, [0]);
  markShown(await picturesOf(job, 12 * MIB, workshop.images(job), workshop.deps), shownWith(['id-1']));
  give(job, heavy, [1, 2]);
  await picturesOf(job, 12 * MIB, workshop.images(job), workshop.deps);
  expect(changesIn(job)).toEqual([NO_CHANGE, NO_CHANGE, NO_CHANGE]);
});

async function changesUnder(limit: number, images: number) {
  const job = jobOf(...Array<Partial<Task>>(images).fill({}));
  give(job, heavy, [...job.tasks.keys()]);
  await picturesOf(job, limit, workshop.images(job), workshop.deps);
  return changesIn(job);
}

function changesIn({ tasks }: Job) {
  return tasks.map(({ change }) => change?.kind ?? NO_CHANGE);
}

/** A job with these tasks, whose images have yet to come. */
function jobOf(...rows: Partial<Task>[]): Job {
  const generation = generationRow({ request: { prompt: 'fox', count: rows.length } });
  const tasks = rows.map((row, index) => taskRow({ id: `t-${index}`, state: 'completed', ...row }));
  const signal = new AbortController().signal;
  return new Job(
    { generation, tasks, references: [] },
    {
      ledger: workshop.deps.ledger.tasks,
      log: pino({ level: 'silent' }),
      stopping: signal,
      halt: signal,
      isCancelled: false,
      lease: HELD,
      defer: async () => undefined,
    },
  );
}

function give(job: Job, image: typeof small | null, to: number[]): void {
  for (const [index, task] of job.tasks.entries()) if (to.includes(index)) task.image = image;
}

function shownWith(attachmentIds: (string | null)[]) {
  return { id: 'm', channelId: 'c', attachmentIds, notified: false };
}

async function namesIn(job: Job): Promise<(string | undefined)[]> {
  return (await picturesOf(job, 10 * MIB, workshop.images(job), workshop.deps)).map(({ file }) => file?.name);
}

function uploadsOf(images: Awaited<ReturnType<typeof picturesOf>>): string[] {
  return filesOf({ content: '', embeds: [], components: [], images }, 'edit').map(({ name }) => name);
}
