import { setImmediate as turn } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../../src/services/generations/job.ts';
import { isToUpload } from '../../../src/services/generations/pictures.ts';
import { deliver } from '../../../src/services/generations/stages/deliver.ts';
import { download, downloadAll } from '../../../src/services/generations/stages/download.ts';
import { canReopen, transitions } from '../../../src/services/ledger/transitions.ts';
import { noise } from '../../support/pictures.ts';
import { type Answer, createWorkshop, type Workshop } from './workshop.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

let whole: Buffer;
let half: Buffer;
beforeAll(async () => {
  whole = await noise(40, 30).png().toBuffer();
  half = whole.subarray(0, whole.length / 2);
});

let workshop: Workshop;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  workshop = createWorkshop();
});
afterEach(async () => {
  vi.useRealTimers();
  await workshop.close();
});

/** Each as it is read when it is needed: the pictures are made only then. */
const WEATHER: [string, () => Answer][] = [
  ['404', () => ({ status: 404 })],
  ['403, as of an address that is not valid yet', () => ({ status: 403 })],
  ['410', () => ({ status: 410 })],
  ['400', () => ({ status: 400 })],
  ['503', () => ({ status: 503 })],
  ['a page of HTML', () => ({ body: '<html>not found</html>' })],
  ['nothing', () => ({ body: '' })],
  ['half the image as if it were all', () => ({ body: half, announced: half.length })],
  ['half the image where the whole was announced', () => ({ body: half, announced: whole.length })],
];

describe.each(WEATHER)('an image in whose place there is %s', (_, weather) => {
  test('is asked for again for minutes, and arrives when it is there', async () => {
    const job = await workshop.announced(...Array<Answer>(8).fill(weather()), { body: whole });
    await downloadFor(3 * MINUTE_MS, job);
    expect(only(job).image?.bytes).toEqual(whole);
  });

  test('that never comes can be checked again, and the reply says meanwhile that it is tried', async () => {
    const job = await workshop.announced(weather());
    const troubles = new Set<string | null>();
    job.onChange(() => troubles.add(only(job).trouble));
    await downloadFor(15 * MINUTE_MS, job);
    expect(only(job).row.state).toBe('undeliverable');
    expect(canReopen(only(job).row)).toBe(true);
    expect(troubles).toContain('download');
    expect(workshop.downloads).toBeGreaterThan(10);
    expect(workshop.downloads).toBeLessThan(30);
  });
});

test('what is checked again is fetched again, for as long as the first time', async () => {
  const job = await workshop.announced(...Array<Answer>(30).fill({ status: 404 }), { body: whole });
  await downloadFor(15 * MINUTE_MS, job);
  expect(only(job).row.reason).toBe('image-gone');
  await reopen(job, DAY_MS);
  const reopened = await workshop.again(job);
  await downloadFor(15 * MINUTE_MS, reopened);
  expect(only(reopened).image?.bytes).toEqual(whole);
});

test('after the 3 days of the service an image that is not there is given up for good', async () => {
  const job = await workshop.announced({ status: 404 });
  await downloadFor(15 * MINUTE_MS, job);
  await reopen(job, 3 * DAY_MS);
  const late = await workshop.again(job);
  await downloadFor(MINUTE_MS, late);
  expect(only(late).row).toMatchObject({ state: 'undeliverable', reason: 'image-expired' });
  expect(canReopen(only(late).row)).toBe(false);
});

test('the next process goes on where this one stopped', async () => {
  const job = await workshop.announced(...Array<Answer>(5).fill({ status: 404 }), { body: whole });
  const stop = new AbortController();
  const stopped = download(
    only(job),
    Object.assign(job, { stopping: stop.signal }),
    workshop.images(job),
    workshop.deps,
  );
  const ended = expect(stopped).rejects.toThrow('aborted');
  await advance(4 * SECOND_MS);
  stop.abort();
  await ended;
  const next = await workshop.again(job);
  expect(only(next).row.state).toBe('completed');
  await downloadFor(MINUTE_MS, next);
  expect(only(next).image?.bytes).toEqual(whole);
});

test('a shorter deadline of tasks holds for their images, too', async () => {
  await workshop.close();
  workshop = createWorkshop({ taskDeadlineMs: 5 * SECOND_MS });
  const job = await workshop.announced({ status: 404 });
  await downloadFor(20 * SECOND_MS, job);
  expect(only(job).row.reason).toBe('image-gone');
});

test('an image is not given up after two tries because the second had to wait for room', async () => {
  await workshop.close();
  workshop = createWorkshop({ places: 1, taskDeadlineMs: 20 * SECOND_MS });
  const { memory } = workshop.deps;
  const job = await workshop.announced({ status: 404 }, { status: 404 }, { body: whole });
  const other = await workshop.announced({ body: whole });
  const collected = download(only(job), job, workshop.images(job), workshop.deps);
  for (let turns = 0; workshop.downloads === 0 && turns < 1000; turns += 1) await turn();
  await memory.enter(other.tasks, other.stopping, 'ben');
  await nextPause();
  await vi.advanceTimersByTimeAsync(30 * SECOND_MS);
  memory.leave(only(other));
  await within(MINUTE_MS, collected);
  expect(only(job).image?.bytes).toEqual(whole);
});

test('an address that has expired is asked for anew', async () => {
  const job = await workshop.announced({ status: 403 });
  const other = await workshop.announced({ status: 403 }, { status: 403 }, { body: whole });
  workshop.address = only(other).row.imageUrl;
  await downloadFor(MINUTE_MS, job);
  expect(only(job).image?.bytes).toEqual(whole);
  expect((await workshop.again(job)).tasks[0]?.row.imageUrl).toBe(workshop.address);
});

test('an image in a format that is not shown is named, and not asked for again and again', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const job = await workshop.announced({ body: svg });
  await downloadFor(MINUTE_MS, job);
  expect(only(job).row).toMatchObject({ reason: 'image-unsupported', serviceWords: 'SVG' });
  expect(workshop.downloads).toBe(1);
});

describe.each(WEATHER)(
  'an image that gave way before its delivery, in whose place there is %s',
  (_, weather) => {
    test('is asked for again for minutes, which the reply may say meanwhile, and arrives', async () => {
      const job = await workshop.announced({ body: whole }, ...Array<Answer>(8).fill(weather()), {
        body: whole,
      });
      await gaveWay(job);
      const troubles = new Set<string | null>();
      job.onChange(() => troubles.add(only(job).trouble));
      await within(3 * MINUTE_MS, deliver(job, workshop.images(job), workshop.deps));
      expect(troubles).toContain('download');
      expect(workshop.messages.at(-1)).toMatchObject({ content: 'completed', images: [expect.anything()] });
    });

    test('can be checked again where it never comes', async () => {
      const job = await workshop.announced({ body: whole }, weather());
      await gaveWay(job);
      await within(15 * MINUTE_MS, deliver(job, workshop.images(job), workshop.deps));
      expect(only(job).row.state).toBe('undeliverable');
      expect(canReopen(only(job).row)).toBe(true);
      expect(workshop.downloads).toBeGreaterThan(10);
      expect(workshop.downloads).toBeLessThan(30);
    });
  },
);

test('an image whose file was spoilt before its delivery is fetched and kept anew', async () => {
  const job = await workshop.announced({ body: whole }, { status: 404 }, { status: 404 }, { body: whole });
  await downloadFor(MINUTE_MS, job);
  await workshop.images(job).spill(only(job));
  const file = only(job).row.imageFile ?? '';
  await workshop.deps.files.save(file, half);
  workshop.images(job).release();
  await within(
    MINUTE_MS,
    downloadAll(() => job.tasks.filter(isToUpload), job, workshop.images(job), workshop.deps),
  );
  expect(only(job).image?.bytes).toEqual(whole);
  await workshop.images(job).spill(only(job));
  expect(await workshop.deps.files.read(file)).toEqual(whole);
});

describe('an image of which only half ever comes', () => {
  let upperHalf: Buffer;
  beforeAll(async () => {
    const large = await noise(200, 150).png().toBuffer();
    upperHalf = large.subarray(0, large.length / 2);
  });

  test('is shown as far as it came, which the reply says, and can be checked again', async () => {
    const job = await workshop.announced({ body: upperHalf });
    await downloadFor(15 * MINUTE_MS, job);
    await within(MINUTE_MS, deliver(job, workshop.images(job), workshop.deps));
    const { content, images } = workshop.messages.at(-1) ?? { content: '', images: [] };
    expect(content).toBe('image-in-part');
    const [part] = images;
    const pixels = sharp(part?.file?.attachment, { failOn: 'warning' });
    expect(await pixels.metadata()).toMatchObject({ format: 'png', width: 200, height: 150 });
    await reopen(job, DAY_MS);
    expect((await workshop.again(job)).tasks[0]?.row).toMatchObject({ state: 'completed', imageFile: null });
  });

  test('takes the place of its part once the whole is there', async () => {
    await downloadFor(15 * MINUTE_MS, await workshop.announced({ body: upperHalf }));
    const halves = Array<Answer>(2 * workshop.downloads).fill({ body: upperHalf });
    const job = await workshop.announced(...halves, { body: whole });
    await downloadFor(15 * MINUTE_MS, job);
    expect(only(job).row.reason).toBe('image-in-part');
    await reopen(job, DAY_MS);
    const reopened = await workshop.again(job);
    await downloadFor(15 * MINUTE_MS, reopened);
    await within(MINUTE_MS, deliver(reopened, workshop.images(reopened), workshop.deps));
    expect(workshop.messages.at(-1)?.content).toBe('completed');
    expect(workshop.messages.at(-1)?.images[0]?.file?.attachment).toEqual(whole);
  });

  test('is said to be broken where nothing of it can be seen, or the disk cannot be written', async () => {
    const nothing = await workshop.announced({ body: whole.subarray(0, 60) });
    await downloadFor(15 * MINUTE_MS, nothing);
    expect(only(nothing).row.reason).toBe('image-broken');
    workshop.spoilDisk();
    const job = await workshop.announced({ body: upperHalf });
    await downloadFor(15 * MINUTE_MS, job);
    expect(only(job).row.reason).toBe('image-broken');
    expect(workshop.deps.memory.isSought).toBe(false);
  });
});

/** It was downloaded, and something else needed its memory since. */
async function gaveWay(job: Job): Promise<void> {
  await downloadFor(MINUTE_MS, job);
  workshop.images(job).release();
}

function only(job: Job): Job['tasks'][number] {
  const [task] = job.tasks;
  if (!task) throw new Error('it has one');
  return task;
}

/** Until it is home or given up, within this time of the clock. */
function downloadFor(ms: number, job: Job): Promise<void> {
  return within(ms, download(only(job), job, workshop.images(job), workshop.deps));
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  const until = performance.now() + ms;
  while (!isOver && performance.now() < until) await nextPause();
  if (!isOver) throw new Error('it is still under way');
  await done;
}

async function advance(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await nextPause();
}

/** Goes on to the end of the pause, where there is one: what is fetched and decoded meanwhile takes real time. */
async function nextPause(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
  if (vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
}

async function reopen(job: Job, afterMs: number): Promise<void> {
  workshop.advance(afterMs);
  const { row } = only(job);
  await workshop.deps.ledger.tasks.save(row.state, transitions.reopen(workshop.deps.now()).to(row));
}
