import {
  type Answer,
  type Envelope,
  envelopeOf,
  isTask,
  MaybeCreatedTaskSchema,
  taskIn,
} from '../image-service/envelope.ts';
import { ImageServiceError, type ServiceErrorKind } from '../image-service/errors.ts';
import { addressIn, bytesIn, imagePlaces } from '../image-service/image-places.ts';
import {
  isAccountEmpty,
  isContentPolicy,
  isModelUnavailable,
  isNotFound,
  isOutOfCredit,
} from '../image-service/refusal-words.ts';
import type { Billed, TaskReport } from '../image-service/service.ts';
import { firstWords, wordsOf } from '../image-service/words.ts';
import { INLINE_IMAGE } from '../images/inline-image.ts';
import { shorten } from '../shorten.ts';
import {
  AccountBalanceSchema,
  CatalogEntrySchema,
  CatalogSchema,
  CreatedTaskSchema,
  KeyBalanceSchema,
  type Task,
  TaskSchema,
  UploadedFileSchema,
} from './schemas.ts';
import { meaningOf } from './status-words.ts';

/** The id of the created task, and what it costs. Any id wins over code and HTTP status: a task that has one exists and is charged. */
export function readCreatedTask(answer: Answer): { taskId: string } & Billed {
  const envelope = envelopeOf(answer.json);
  const data = taskIn(envelope?.data);
  const task = CreatedTaskSchema.safeParse(data);
  if (task.success) return { taskId: task.data.task_id, ...billed(task.data) };
  if (MaybeCreatedTaskSchema.safeParse(data).success) {
    throw malformed(answer, 'has a task id that cannot be used', task.error);
  }
  throw refusal(answer, envelope, kindOfCreate(answer.status, envelope));
}

/**
 * A task's state as the service reports it; `baseUrl` completes a relative image URL. Throws kind 'parameters' where
 * the service doesn't know the task.
 */
export function readTaskReport(answer: Answer, baseUrl: URL): TaskReport {
  const envelope = envelopeOf(answer.json);
  const data = taskIn(envelope?.data);
  const task = TaskSchema.safeParse(Array.isArray(data) ? {} : data);
  const imageUrl = imageUrlOf(data, baseUrl);
  // What is finished was paid for: as with a created task's id, no code and no HTTP status takes it away.
  if (task.data && imageUrl !== null && isCompleted(task.data)) return completed(task.data, imageUrl);
  // Nor what is over without one. An error that is no task may call its own status so.
  if (task.data && isFailed(task.data) && isTask(data)) return failed(task.data, envelope?.msg ?? null);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope, kindOfQuery(answer.status, envelope));
  // OpenAI's shape has no status: there is the image, or an error.
  if (task.data?.status === null && imageUrl !== null) return completed(task.data, imageUrl);
  if (!task.data?.status) throw malformed(answer, 'is not a task', task.error);
  if (meaningOf(task.data.status) === 'completed')
    throw malformed(answer, 'is a completed task without an image');
  return reportOf(task.data, task.data.status, envelope.msg);
}

function billed({ cost }: { cost: number | null }): Billed {
  return cost === null ? {} : { cost };
}

/** The URL of an uploaded file, for a create's `images`. */
export function readUploadedFile(answer: Answer): { url: string } {
  const envelope = envelopeOf(answer.json);
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
  const envelope = envelopeOf(answer.json);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = AccountBalanceSchema.safeParse(envelope.data);
  const available = data?.available ?? data?.balance ?? null;
  if (!data || available === null) throw malformed(answer, 'is not a balance', error);
  return { available, used: data.used_coin };
}

/** The service's public prices, by billing name. Entries that say no price for one task are left out. */
export function readCatalog(answer: Answer): ReadonlyMap<string, number> {
  const envelope = envelopeOf(answer.json);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = CatalogSchema.safeParse(envelope.data);
  if (!data) throw malformed(answer, 'is not a catalog', error);
  const entries = data.list.flatMap((entry) => CatalogEntrySchema.safeParse(entry).data ?? []);
  return new Map(entries.map((entry) => [entry.model_name, entry.unit_price]));
}

/** What the key may spend of the account's coins; null as much as there are. */
export interface KeyBalance {
  readonly name: string | null;
  readonly available: number | null;
  readonly total: number | null;
}

export function readKeyBalance(answer: Answer): KeyBalance {
  const envelope = envelopeOf(answer.json);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = KeyBalanceSchema.safeParse(envelope.data);
  if (!data) throw malformed(answer, 'is not a balance', error);
  const { unlimited, total_quota: total, available_quota: available } = data;
  const name = quote(data.name);
  // 0 is the service's word for no quota at all.
  return unlimited || total === 0 ? { name, available: null, total: null } : { name, available, total };
}

/** By its status; where that is a word that nobody knows, by what else only a finished task has. */
function isCompleted({ status, progress, completed_at }: Task): boolean {
  if (status === null) return false;
  const meaning = meaningOf(status);
  return meaning === 'completed' || (meaning === null && (progress === 100 || completed_at !== null));
}

function isFailed({ status }: Task): boolean {
  return status !== null && meaningOf(status) === 'failed';
}

function completed(task: Task, imageUrl: string): TaskReport {
  return { status: 'completed', imageUrl, completedAt: task.completed_at, ...billed(task) };
}

function reportOf(task: Task, status: string, msg: string | null): TaskReport {
  if (isFailed(task)) return failed(task, msg);
  const isWaiting = meaningOf(status) === 'waiting';
  const { progress } = task;
  return { status: isWaiting ? 'waiting' : 'running', progress, serviceStatus: status, ...billed(task) };
}

function failed(task: Task, msg: string | null): TaskReport {
  return { status: 'failed', reason: reasonOf(task, msg), ...billed(task) };
}

/** Why it failed, in words; those that name the content policy first, wherever they stand. */
function reasonOf(task: Task, msg: string | null): string | null {
  const { error_message, error_msg, fail_reason, reason, error, message, result } = task;
  const ofAnswer = msg !== null && SAYS_NOTHING.test(msg) ? null : msg;
  const places = [error_message, error_msg, fail_reason, reason, error, message, wordsOf(result), ofAnswer];
  const said = places.filter((words) => words !== null);
  return quote(said.find(isContentPolicy) ?? firstWords(said));
}

/** What stands in the envelope of any answer. */
const SAYS_NOTHING = /^(ok|success|successful|成功|操作成功|请求成功|查询成功)[.!。！]?$/i;

/** The first address there is; else the image itself, where the answer has it. */
function imageUrlOf(data: unknown, baseUrl: URL): string | null {
  const places = imagePlaces(data);
  const urls = places.flatMap((place) => addressIn(place, baseUrl) ?? []);
  return urls[0] ?? (places.some((place) => bytesIn(place) !== null) ? INLINE_IMAGE : null);
}

/** Documented as the first, and by most examples as the second. */
const OK_CODES: ReadonlySet<string | null> = new Set(['20000', '0']);

const KIND_BY_CODE: ReadonlyMap<string | null, ServiceErrorKind> = new Map([
  ['20001', 'authentication'],
  ['20002', 'parameters'],
  ['-1', 'unavailable'],
]);

function isOk(answer: Answer, envelope: Envelope | null): envelope is Envelope {
  if (envelope === null) return false;
  return OK_CODES.has(envelope.code) || (envelope.code === null && answer.status < 300);
}

function refusal(
  answer: Answer,
  envelope: Envelope | null,
  kind = kindOf(answer.status, envelope),
): ImageServiceError {
  if (answer.status < 300 && (envelope === null || isOk(answer, envelope))) {
    return malformed(answer, envelope === null ? 'is not a JSON object' : 'has no task id');
  }
  const code = shorten(envelope?.code ?? 'none', CODE_MAX_CHARACTERS);
  return new ImageServiceError(kind, `JimmyAI refused the call (HTTP ${answer.status}, code ${code})`, {
    charged: isCertainlyRefused(answer.status, envelope, kind) ? 'no' : answer.chargedIfUnclear,
    serviceMessage: quote(envelope?.msg ?? null),
    retryAfterMs: answer.retryAfterMs,
  });
}

function malformed(answer: Answer, what: string, cause?: unknown): ImageServiceError {
  return new ImageServiceError('malformed-answer', `JimmyAI's answer ${what} (HTTP ${answer.status})`, {
    charged: answer.chargedIfUnclear,
    cause,
  });
}

/**
 * What is documented counts first: "quota" in a 429 is about requests, "balance" in bad parameters about the prompt.
 * Words decide where the code says nothing, or where they leave no doubt that the account is empty.
 */
function kindOf(status: number, envelope: Envelope | null): ServiceErrorKind {
  const words = envelope?.msg ?? '';
  if (isAccountEmpty(words)) return 'credit';
  const documented = KIND_BY_CODE.get(envelope?.code ?? null);
  // A prompt that is refused is refused again, whatever the service calls it.
  if (documented && documented !== 'authentication' && status !== 429 && isContentPolicy(words))
    return 'content-policy';
  if (documented) return documented;
  if (status !== 429 && status !== 503) {
    if (isOutOfCredit(words)) return 'credit';
    if (isContentPolicy(words)) return 'content-policy';
  }
  return kindOfStatus(status, envelope);
}

/** The code under which a model is missing is documented nowhere, not even whether it always is the same. */
function kindOfCreate(status: number, envelope: Envelope | null): ServiceErrorKind {
  const kind = kindOf(status, envelope);
  const isAboutModel = isModelUnavailable(envelope?.msg ?? '');
  return isAboutModel && kind !== 'authentication' && kind !== 'credit' ? 'model-unavailable' : kind;
}

/** HTTP 404 with a JSON object is the service not knowing the task; any other body is a proxy's, not knowing the service. */
function kindOfQuery(status: number, envelope: Envelope | null): ServiceErrorKind {
  const kind = kindOf(status, envelope);
  const isVague = kind === 'unknown-code' || kind === 'malformed-answer';
  if (!isVague) return kind;
  if (status === 404) return envelope === null ? 'unavailable' : 'parameters';
  return isNotFound(envelope?.msg ?? '') ? 'parameters' : kind;
}

function kindOfStatus(status: number, envelope: Envelope | null): ServiceErrorKind {
  // A key is refused by the service, or by the gateway that knows its keys. A page with 403 is an edge's: it blocks
  // whoever comes from there, and says nothing about the key.
  if (status === 401 || (status === 403 && envelope !== null)) return 'authentication';
  if (status === 403) return 'unavailable';
  if (status === 402) return 'credit';
  if (status === 429) return 'rate-limited';
  if (status === 400 || status === 413 || status === 422) return 'parameters';
  if (status >= 500) return 'unavailable';
  return envelope?.code ? 'unknown-code' : 'malformed-answer';
}

/**
 * Whether the service has certainly not taken what was sent. Only its own envelope proves that: a page of HTML, nothing
 * at all, or another JSON may come from a proxy after the service took the task, and says nothing of what happened behind
 * it; not even 4xx does, since an edge or a firewall may answer in the service's place. The one exception is 429, which
 * is always before the service.
 */
function isCertainlyRefused(status: number, envelope: Envelope | null, kind: ServiceErrorKind): boolean {
  if (status === 429) return true;
  if (envelope === null || envelope.code === null || OK_CODES.has(envelope.code)) return false;
  if (KIND_BY_CODE.has(envelope.code)) return true;
  // Gateways answer in JSON, too, and with a code. The words of the service's envelope tell them apart.
  if (!envelope.isOwn) return false;
  if (kind === 'credit' || status === 503) return true;
  // A time-out or a failure inside says under no code whether it came before or after the charge.
  return status < 500 && status !== 408;
}

const CODE_MAX_CHARACTERS = 40;
const QUOTE_MAX_CHARACTERS = 300;

function quote(words: string | null): string | null {
  return shorten(words?.trim() ?? '', QUOTE_MAX_CHARACTERS) || null;
}
