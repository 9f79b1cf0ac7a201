import type { Misbehaviour } from './misbehaviour.ts';
import type { Task } from './tasks.ts';

export const CODE = {
  ok: '20000',
  unauthenticated: '20001',
  badParameters: '20002',
  serverError: '-1',
} as const;

/** The service documents no codes for these, so that callers depend on the words. */
export const OUT_OF_CREDIT = { code: '40201', msg: '余额不足 (insufficient balance)' } as const;
export const OUT_OF_QUOTA = { code: '40202', msg: '密钥额度不足 (key quota exhausted)' } as const;

export interface Envelope {
  code: string | number;
  msg: string;
  data: unknown;
}

/** Wraps `data` as the service does. The documented envelope has a string as its code; others have been seen too. */
export function okAnswer(data: object, misbehaviour: Misbehaviour | null = null): Envelope | object {
  if (misbehaviour?.kind === 'no-envelope') return data;
  if (misbehaviour?.kind === 'faq-names') return { code: CODE.ok, msg: 'ok', data: faqNames(data) };
  if (misbehaviour?.kind === 'wrapped')
    return { code: CODE.ok, msg: 'ok', data: wrapped(data, misbehaviour.as) };
  if (misbehaviour?.kind === 'success-code') return { code: misbehaviour.code, msg: 'ok', data };
  return { code: misbehaviour?.kind === 'number-code' ? Number(CODE.ok) : CODE.ok, msg: 'ok', data };
}

function faqNames(data: { task_id?: string; result?: { image_url?: string } | null }): object {
  const { task_id, result, ...others } = data;
  return { taskId: task_id, ...others, mediaUrl: result?.image_url };
}

function wrapped(data: object, as: 'envelope' | 'task' | 'list'): object {
  if (as === 'list') return [data];
  return as === 'task' ? { task: data } : { code: 0, msg: 'success', data };
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
    ...costField(task),
  };
}

/** The `data` of Query Image Task, with the oddities planned for this task. */
export function taskData(task: Task, origin: string) {
  const { status, misbehaviour } = task;
  const failure = misbehaviour?.kind === 'failed' && status === 'failed' ? misbehaviour : null;
  return {
    ...createdData(task),
    ...progressField(task),
    completed_at: isOver(status) ? unixSeconds(task.endsAt) : null,
    result: status === 'completed' ? resultOf(task, origin) : null,
    [failure?.field ?? 'error_message']: failure?.reason ?? null,
    ...(status === 'failed' && misbehaviour?.kind === 'failed-oddly' && oddReason(misbehaviour)),
  };
}

/** The answer of a replica that doesn't know the task yet; null from one that does. */
export function lagAnswer({ misbehaviour, queries }: Task): { envelope: Envelope; status: number } | null {
  if (misbehaviour?.kind !== 'lagging-replica' || queries > misbehaviour.queries) return null;
  const { as = 'bad-parameters' } = misbehaviour;
  if (as === 'words') return { envelope: errorAnswer('40400', '任务不存在'), status: 200 };
  const status = as === 'not-found' ? 404 : 200;
  return { envelope: errorAnswer(CODE.badParameters, 'task_id: no such task'), status };
}

/** The `data` of a finished task that contains the image. */
export function inlineData(data: object, bytes: Buffer, as: InlineImage['as']): object {
  const base64 = bytes.toString('base64');
  const results = {
    'data-uri': { image_url: `data:image/png;base64,${base64}` },
    'spaced-data-uri': { image_url: `data: image/png ; base64,\n${base64.replace(/.{76}/g, '$&\r\n')}` },
    b64_json: { b64_json: base64 },
    openai: { data: [{ b64_json: base64 }] },
    'json-string': JSON.stringify({ image_url: `data:image/png;base64,${base64}` }),
  };
  return { ...data, result: results[as] };
}

type InlineImage = Extract<Misbehaviour, { kind: 'inline-image' }>;

function oddReason({ as, reason, code }: Extract<Misbehaviour, { kind: 'failed-oddly' }>): object {
  const error = { code: code ?? 500, message: reason };
  switch (as) {
    case 'object':
      return { error_message: error };
    case 'json':
      return { error_message: JSON.stringify({ error }) };
    case 'html':
      return { reason: `<html><head><style>p{}</style></head><body><p>${reason}</p></body></html>` };
    case 'nested':
      return { error_message: null, error: { error: { details: [error] } } };
  }
}

/** Where a task's image is served. */
function imagePath(task: Task): string {
  return `/files/${task.id}.png`;
}

function isOver(status: Task['status']): status is 'completed' | 'failed' {
  return status === 'completed' || status === 'failed';
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
  if (misbehaviour?.kind === 'other-words' && isOver(status)) return misbehaviour[status];
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

/** The billed cost; a failed task is refunded. */
function costField({ coins, status, misbehaviour }: Task): { cost?: number | string } {
  const billed = status === 'failed' ? 0 : coins;
  if (misbehaviour?.kind !== 'odd-cost') return { cost: billed };
  switch (misbehaviour.cost) {
    case 'missing':
      return {};
    case 'string':
      return { cost: String(billed) };
    case 'negative':
      return { cost: -billed };
    case 'late':
      return { cost: status === 'completed' ? billed : 0 };
    case 'corrected':
      return { cost: status === 'completed' ? billed : 2 * billed };
  }
}

function resultOf(task: Task, origin: string): Record<string, string | string[]> {
  if (task.misbehaviour?.kind === 'no-image-url') return {};
  const url = addressOf(task, origin);
  if (task.misbehaviour?.kind === 'other-place') return { [task.misbehaviour.field]: url };
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
