import { shorten } from '../shorten.ts';
import {
  type Charged,
  isAccountEmpty,
  isContentPolicy,
  isOutOfCredit,
  JimmyAiError,
  type JimmyAiErrorKind,
} from './errors.ts';
import {
  AccountBalanceSchema,
  CreatedTaskSchema,
  type Envelope,
  KeyBalanceSchema,
  MaybeCreatedTaskSchema,
  parseEnvelope,
  type Task,
  TaskSchema,
  UploadedFileSchema,
} from './schemas.ts';

/** What came back over HTTP, whatever it is. */
export interface Answer {
  status: number;
  text: string;
  retryAfterMs: number | null;
  /** What an answer that doesn't settle the matter means: 'maybe' for a create, 'no' for everything else. */
  chargedIfUnclear: Charged;
}

export type TaskReport =
  | { status: 'waiting' | 'running'; progress: number | null; serviceStatus: string }
  /** `completedAt`: milliseconds since the epoch by the service's clock, in whole seconds; null where it doesn't say. */
  | { status: 'completed'; imageUrl: string; completedAt: number | null }
  | { status: 'failed'; reason: string | null };

/** The id of the created task. Any id wins over code and HTTP status: a task that has one exists and is charged. */
export function readCreatedTask(answer: Answer): { taskId: string } {
  const envelope = parseEnvelope(answer.text);
  const task = CreatedTaskSchema.safeParse(envelope?.data);
  if (task.success) return { taskId: task.data.task_id };
  if (MaybeCreatedTaskSchema.safeParse(envelope?.data).success) {
    throw malformed(answer, 'has a task id that can not be used', task.error);
  }
  throw refusal(answer, envelope);
}

/**
 * A task's state as the service reports it; `baseUrl` completes a relative image URL. Throws kind 'parameters' where
 * the service doesn't know the task.
 */
export function readTaskReport(answer: Answer, baseUrl: URL): TaskReport {
  const envelope = parseEnvelope(answer.text);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope, kindOfQuery(answer.status, envelope));
  const task = TaskSchema.safeParse(envelope.data);
  if (!task.success) throw malformed(answer, 'is not a task', task.error);
  return reportOf(task.data, answer, baseUrl);
}

/** The URL of an uploaded file, for a create's `images`. */
export function readUploadedFile(answer: Answer): { url: string } {
  const envelope = parseEnvelope(answer.text);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const file = UploadedFileSchema.safeParse(envelope.data);
  if (!file.success) throw malformed(answer, 'is not an uploaded file', file.error);
  return file.data;
}

/** The account's coins; null for what the service doesn't tell. */
export interface AccountBalance {
  readonly available: number;
  readonly used: number | null;
}

export function readAccountBalance(answer: Answer): AccountBalance {
  const envelope = parseEnvelope(answer.text);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = AccountBalanceSchema.safeParse(envelope.data);
  const available = data?.available ?? data?.balance ?? null;
  if (!data || available === null) throw malformed(answer, 'is not a balance', error);
  return { available, used: data.used_coin };
}

/** What the key may spend of the account's coins; null as much as there are. */
export interface KeyBalance {
  readonly name: string | null;
  readonly available: number | null;
  readonly total: number | null;
}

export function readKeyBalance(answer: Answer): KeyBalance {
  const envelope = parseEnvelope(answer.text);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = KeyBalanceSchema.safeParse(envelope.data);
  if (!data) throw malformed(answer, 'is not a balance', error);
  const { unlimited, total_quota: total, available_quota: available } = data;
  const name = quote(data.name);
  // 0 is the service's word for no quota at all.
  return unlimited || total === 0 ? { name, available: null, total: null } : { name, available, total };
}

function reportOf(task: Task, answer: Answer, baseUrl: URL): TaskReport {
  switch (task.status) {
    case 'completed':
    case 'success':
    case 'succeeded':
      return {
        status: 'completed',
        imageUrl: imageUrlOf(task, answer, baseUrl),
        completedAt: task.completed_at,
      };
    case 'failed':
    case 'error':
    case 'canceled':
    case 'cancelled':
      return { status: 'failed', reason: quote(task.error_message || task.error_msg || task.fail_reason) };
    case 'queued':
    case 'pending':
    case 'submitted':
      return { status: 'waiting', progress: task.progress, serviceStatus: task.status };
    default:
      return { status: 'running', progress: task.progress, serviceStatus: task.status };
  }
}

function imageUrlOf(task: Task, answer: Answer, baseUrl: URL): string {
  const { image_url = null, image_urls = [] } = task.result ?? {};
  for (const reference of [image_url, ...image_urls]) {
    const url = reference ? URL.parse(reference, baseUrl) : null;
    if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  }
  throw malformed(answer, 'is a completed task without an image URL');
}

const OK_CODE = '20000';

const KIND_BY_CODE: ReadonlyMap<string | null, JimmyAiErrorKind> = new Map([
  ['20001', 'authentication'],
  ['20002', 'parameters'],
  ['-1', 'unavailable'],
]);

function isOk(answer: Answer, envelope: Envelope | null): envelope is Envelope {
  if (envelope === null) return false;
  return envelope.code === OK_CODE || (envelope.code === null && answer.status < 300);
}

function refusal(
  answer: Answer,
  envelope: Envelope | null,
  kind = kindOf(answer.status, envelope),
): JimmyAiError {
  if (answer.status < 300 && (envelope === null || isOk(answer, envelope))) {
    return malformed(answer, envelope === null ? 'is not a JSON object' : 'has no task id');
  }
  const code = shorten(envelope?.code ?? 'none', CODE_MAX_CHARACTERS);
  return new JimmyAiError(kind, `JimmyAI refused the call (HTTP ${answer.status}, code ${code})`, {
    charged: isCertainlyRefused(answer.status, envelope, kind) ? 'no' : answer.chargedIfUnclear,
    serviceMessage: quote(envelope?.msg ?? null),
    retryAfterMs: answer.retryAfterMs,
  });
}

function malformed(answer: Answer, what: string, cause?: unknown): JimmyAiError {
  return new JimmyAiError('malformed-answer', `JimmyAI's answer ${what} (HTTP ${answer.status})`, {
    charged: answer.chargedIfUnclear,
    cause,
  });
}

/**
 * What is documented counts first: "quota" in a 429 is about requests, "balance" in bad parameters about the prompt.
 * Words decide where the code says nothing, or where they leave no doubt that the account is empty.
 */
function kindOf(status: number, envelope: Envelope | null): JimmyAiErrorKind {
  const words = envelope?.msg ?? '';
  if (isAccountEmpty(words)) return 'credit';
  const documented = KIND_BY_CODE.get(envelope?.code ?? null);
  if (documented === 'parameters' && isContentPolicy(words)) return 'content-policy';
  if (documented) return documented;
  if (status !== 429 && status !== 503) {
    if (isOutOfCredit(words)) return 'credit';
    if (isContentPolicy(words)) return 'content-policy';
  }
  return kindOfStatus(status, envelope);
}

/** HTTP 404 with a JSON object is the service not knowing the task; any other body is a proxy's, not knowing the service. */
function kindOfQuery(status: number, envelope: Envelope | null): JimmyAiErrorKind {
  const kind = kindOf(status, envelope);
  const isVague = kind === 'unknown-code' || kind === 'malformed-answer';
  if (status !== 404 || !isVague) return kind;
  return envelope === null ? 'unavailable' : 'parameters';
}

function kindOfStatus(status: number, envelope: Envelope | null): JimmyAiErrorKind {
  if (status === 401 || status === 403) return 'authentication';
  if (status === 402) return 'credit';
  if (status === 429) return 'rate-limited';
  if (status === 400 || status === 413 || status === 422) return 'parameters';
  if (status >= 500) return 'unavailable';
  return envelope?.code ? 'unknown-code' : 'malformed-answer';
}

/** A 5xx other than 503 may be a proxy speaking after the service took the task, unless the words are the service's own. */
function isCertainlyRefused(status: number, envelope: Envelope | null, kind: JimmyAiErrorKind): boolean {
  if (status === 503 || (status >= 400 && status < 500)) return true;
  if (envelope === null || envelope.code === null || envelope.code === OK_CODE) return false;
  return status < 500 || KIND_BY_CODE.has(envelope.code) || kind === 'credit' || kind === 'content-policy';
}

const CODE_MAX_CHARACTERS = 40;
const QUOTE_MAX_CHARACTERS = 300;

function quote(words: string | null): string | null {
  return shorten(words?.trim() ?? '', QUOTE_MAX_CHARACTERS) || null;
}
