import sharp from 'sharp';
import { expect } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import type { JimmyAi } from '../../sandbox/jimmyai/index.ts';

/** The only reference of the last task with this prompt. */
export function lastReference(jimmyAi: JimmyAi, prompt: string) {
  const last = jimmyAi.tasks.filter(({ request }) => request.prompt === prompt).at(-1);
  expect(last?.references).toHaveLength(1);
  const [reference] = last?.references ?? [];
  if (!reference) throw new Error('there is no reference');
  return reference;
}

/** The looks of a message's images, by which they can be recognized in any file format. */
export function looksOf({ attachments }: Message): Promise<Buffer[]> {
  return Promise.all(attachments.map(async ({ url }) => thumbnail(await (await fetch(url)).arrayBuffer())));
}

/** Whether a reference shows this image. */
export async function isAlike({ bytes }: { bytes: Buffer }, look: Buffer | undefined): Promise<boolean> {
  const own = await thumbnail(bytes);
  return own.reduce((sum, value, at) => sum + Math.abs(value - (look?.[at] ?? 0)), 0) / own.length < 4;
}

function thumbnail(bytes: ArrayBuffer | Buffer): Promise<Buffer> {
  return sharp(bytes).removeAlpha().resize(32, 32, { fit: 'fill' }).raw().toBuffer();
}
