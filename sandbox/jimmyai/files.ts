import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import { drawImage } from './drawing.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { ReadFile, ServedFile } from './served-file.ts';
import { FILE_LIFETIME_MS, type Task, type Tasks } from './tasks.ts';
import type { ToolCalls } from './tools/calls.ts';
import type { Uploads } from './uploads.ts';

interface FileSources {
  clock: Clock;
  tasks: Tasks;
  uploads: Uploads;
  toolCalls: ToolCalls;
  pixelScale: number;
}

export function createFileReader({ clock, tasks, uploads, toolCalls, pixelScale }: FileSources): ReadFile {
  return async (path) => {
    if (path.startsWith('/files/uploads/')) return uploads.find(basename(path));
    if (path.startsWith('/files/tools/')) return toolCalls.find(path);
    const task = tasks.find(taskIdOf(path));
    return task && isKept(task, clock.now()) ? await resultOf(task, pixelScale) : null;
  };
}

/** The id of the task in the path of a result. */
export function taskIdOf(path: string): string {
  return basename(path, '.png');
}

/** The status for an image that isn't there yet; null when it is. */
export function lateStatus({ downloads, misbehaviour }: Task): number | null {
  if (misbehaviour?.kind !== 'late-image' || downloads > misbehaviour.downloads) return null;
  return misbehaviour.status ?? 404;
}

function isKept({ status, endsAt, downloads, misbehaviour }: Task, now: number): boolean {
  if (misbehaviour?.kind === 'expired-image' && downloads > (misbehaviour.afterDownloads ?? 0)) return false;
  return status === 'completed' && now < endsAt + FILE_LIFETIME_MS;
}

async function resultOf(task: Task, pixelScale: number): Promise<ServedFile> {
  const { misbehaviour, downloads } = task;
  if (misbehaviour?.kind === 'given-image')
    return { bytes: Buffer.from(misbehaviour.bytes), mime: misbehaviour.mime };
  if (misbehaviour?.kind === 'not-an-image' && downloads <= (misbehaviour.downloads ?? Infinity))
    return INSTEAD[misbehaviour.as];
  const bytes = await drawImage(task, { pixelScale, isHuge: misbehaviour?.kind === 'huge-image' });
  const isTruncated =
    misbehaviour?.kind === 'truncated-image' && downloads <= (misbehaviour.downloads ?? Infinity);
  return { bytes: isTruncated ? bytes.subarray(0, bytes.length / 2) : bytes, mime: 'image/png' };
}

const INSTEAD = {
  html: { bytes: Buffer.from('<html><body>Not Found</body></html>'), mime: 'text/html' },
  text: { bytes: Buffer.from('upstream request timeout'), mime: 'image/png' },
  nothing: { bytes: Buffer.alloc(0), mime: 'image/png' },
} satisfies Record<Extract<Misbehaviour, { kind: 'not-an-image' }>['as'], ServedFile>;
