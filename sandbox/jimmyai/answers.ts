import type { Misbehaviour } from './misbehaviour.ts';
import type { Task } from './tasks.ts';

export const CODE = {
  ok: '20000',
  unauthenticated: '20001',
  badParameters: '20002',
  serverError: '-1',
} as const;

/** The service documents no code for these: callers can only go by the words. */
export const OUT_OF_CREDIT = { code: '40201', msg: '余额不足 (insufficient balance)' } as const;
export const OUT_OF_QUOTA = { code: '40202', msg: '密钥额度不足 (key quota exhausted)' } as const;

export interface Envelope {
  code: string | number;
  msg: string;
  data: unknown;
}

/** `data` as the service wraps it: documented in an envelope whose code is a string, seen otherwise too. */
export function okAnswer(data: object, misbehaviour: Misbehaviour | null = null): Envelope | object {
  if (misbehaviour?.kind === 'no-envelope') return data;
  return { code: misbehaviour?.kind === 'number-code' ? Number(CODE.ok) : CODE.ok, msg: 'ok', data };
}

export function errorAnswer(code: string | number, msg: string, data: object | null = null): Envelope {
  return { code, msg, data };
}

/** The `data` of Create Image Task. */
export function createdData(task: Task) {
  return {
    task_id: task.id,
    status: statusWord(task),
    model: task.request.model,
    created_at: unixSeconds(task.createdAt),
  };
}

/** The `data` of Query Image Task, with the oddities planned for this task. */
export function taskData(task: Task, origin: string) {
  const { status, misbehaviour } = task;
  const isOver = status === 'completed' || status === 'failed';
  const failure = misbehaviour?.kind === 'failed' && status === 'failed' ? misbehaviour : null;
  return {
    ...createdData(task),
    ...progressField(task),
    completed_at: isOver ? unixSeconds(task.endsAt) : null,
    result: status === 'completed' ? resultOf(task, origin) : null,
    [failure?.field ?? 'error_message']: failure?.reason ?? null,
  };
}

/** Where a task's image is served. */
function imagePath(task: Task): string {
  return `/files/${task.id}.png`;
}

const OLDER_WORDS = {
  queued: 'submitted',
  processing: 'in_progress',
  completed: 'succeeded',
  failed: 'error',
} as const;

function statusWord({ status, misbehaviour }: Task): string {
  if (misbehaviour?.kind === 'older-words') return OLDER_WORDS[status];
  if (misbehaviour?.kind === 'failed' && status === 'failed') return misbehaviour.status ?? status;
  if (misbehaviour?.kind === 'unknown-status' && status !== 'completed') return misbehaviour.status;
  return status;
}

function progressField({ progress, queries, misbehaviour }: Task): { progress?: number | string | null } {
  if (misbehaviour?.kind !== 'odd-progress') return { progress };
  switch (misbehaviour.progress) {
    case 'missing':
      return {};
    case 'null':
      return { progress: null };
    case 'string':
      return { progress: String(progress) };
    case 'backwards':
      return { progress: queries % 2 === 0 ? Math.floor(progress / 2) : progress };
  }
}

function resultOf(task: Task, origin: string): { image_url?: string; image_urls?: string[] } {
  if (task.misbehaviour?.kind === 'no-image-url') return {};
  const url = addressOf(task, origin);
  return { image_url: url, image_urls: [url] };
}

function addressOf(task: Task, origin: string): string {
  const { misbehaviour } = task;
  if (misbehaviour?.kind === 'relative-url') return imagePath(task);
  const url = origin + imagePath(task);
  return misbehaviour?.kind === 'other-url' ? misbehaviour.url.replace('{url}', url) : url;
}

function unixSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
