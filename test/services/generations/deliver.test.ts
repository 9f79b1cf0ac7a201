import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../../src/services/generations/job.ts';
import { deliver } from '../../../src/services/generations/stages/deliver.ts';
import { download } from '../../../src/services/generations/stages/download.ts';
import { noise } from '../../support/pictures.ts';
import { createWorkshop, type Workshop } from './workshop.ts';

/** A plain picture can be made to fit it, noise fits it at no size. */
const TINY_PLACE_BYTES = 90;

let workshop: Workshop;
beforeEach(() => {
  // Nothing here gets better by waiting.
  workshop = createWorkshop({ taskDeadlineMs: 0 });
});
afterEach(() => workshop.close());

test('an image that is too large however small it is made is given up alone, and kept', async () => {
  const job = await workshop.made([await plain(), await noise(64, 64).png().toBuffer(), await plain()], {
    fileLimit: TINY_PLACE_BYTES,
  });
  await downloadEach(job);
  await deliver(job, workshop.images(job), workshop.deps);
  expect(lastMessage()).toEqual({
    says: 'completed, too-large, completed',
    files: ['a-fox-gpt-image-2-1.webp', 'a-fox-gpt-image-2-3.webp'],
  });
  expect(await workshop.deps.files.read(job.tasks[1]?.row.imageFile ?? '')).not.toBeNull();
});

test('an image that turns out to be broken when it is made smaller is given up alone', async () => {
  const job = await workshop.made([brokenInside(), await plain()], { fileLimit: TINY_PLACE_BYTES });
  await downloadEach(job);
  await deliver(job, workshop.images(job), workshop.deps);
  expect(lastMessage()).toEqual({
    says: 'image-broken, completed',
    files: ['a-fox-gpt-image-2-2.webp'],
  });
});

test('each image that cannot be shown has its own reason, where none can', async () => {
  const job = await workshop.made([brokenInside(), await noise(64, 64).png().toBuffer()], {
    fileLimit: TINY_PLACE_BYTES,
  });
  await downloadEach(job);
  await deliver(job, workshop.images(job), workshop.deps);
  expect(lastMessage()).toEqual({ says: 'image-broken, too-large', files: [] });
});

test('an only image that cannot be shown is kept, though it went from memory to the reply', async () => {
  const job = await workshop.made([await noise(64, 64).png().toBuffer()], { fileLimit: TINY_PLACE_BYTES });
  await downloadEach(job);
  expect(job.tasks[0]?.row.imageFile).toBeNull();
  await deliver(job, workshop.images(job), workshop.deps);
  expect(lastMessage()).toEqual({ says: 'too-large', files: [] });
  expect(await workshop.deps.files.read(job.tasks[0]?.row.imageFile ?? '')).not.toBeNull();
});

async function downloadEach(job: Job): Promise<void> {
  await Promise.all(job.tasks.map((task) => download(task, job, workshop.images(job), workshop.deps)));
}

function lastMessage() {
  const { content, images } = workshop.messages.at(-1) ?? { content: '', images: [] };
  return { says: content, files: images.map(({ file }) => file?.name) };
}

function plain(): Promise<Buffer> {
  return sharp({ create: { width: 8, height: 8, channels: 3, background: '#f80' } })
    .png()
    .toBuffer();
}

/** A PNG whose chunks are whole, and whose pixels are too few: that shows only once it is decoded. */
function brokenInside(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(64, 0);
  header.writeUInt32BE(64, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(64), { level: 0 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.alloc(TINY_PLACE_BYTES, 'x')),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
