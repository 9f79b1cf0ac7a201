import {
  type Answer,
  type Envelope,
  envelopeOf,
  isTask,
  MaybeCreatedTaskSchema,
  taskIn,
} from '../image-service/envelope.ts';
import { ImageServiceError, type ServiceErrorKind } from '../image-service/errors.ts';
import type { Received } from '../image-service/http.ts';
import { addressIn, bytesIn, imagePlaces } from '../image-service/image-places.ts';
import {
  isAccountEmpty,
  isContentPolicy,
  isModelUnavailable,
  isNotFound,
  isOutOfCredit,
} from '../image-service/refusal-words.ts';
import type { Billed, MadeAtOnce, TaskReport } from '../image-service/service.ts';
import { firstWords, wordsOf } from '../image-service/words.ts';
import { bytesOfDataUri } from '../images/data-uri.ts';
import { INLINE_IMAGE } from '../images/inline-image.ts';
import { shorten } from '../shorten.ts';
import {
  AccountBalanceSchema,
  BilledSchema,
  type CandidatesSchema,
  CatalogEntrySchema,
  CatalogSchema,
  type ChoicesSchema,
  CreatedTaskSchema,
  KeyBalanceSchema,
  type Task,
  TaskSchema,
  UploadedFileSchema,
} from './schemas.ts';
import { meaningOf } from './status-words.ts';

/**
 * The id and cost of the created task. An id counts more than the code and the HTTP status: such a task exists and is
 * charged.
 */
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
 * A task's state as the service reports it; `baseUrl` completes a relative image URL. Throws kind 'parameters' when the
 * service doesn't know the task.
 */
export function readTaskReport(answer: Answer, baseUrl: URL): TaskReport {
  const envelope = envelopeOf(answer.json);
  const data = taskIn(envelope?.data);
  const task = TaskSchema.safeParse(Array.isArray(data) ? {} : data);
  const imageUrl = imageUrlOf(data, baseUrl);
  // A finished task was paid for, so its image counts more than the code and the HTTP status.
  if (task.data && imageUrl !== null && isCompleted(task.data)) return completed(task.data, imageUrl);
  // So does a failed task. The check for a task is needed because an error may also have a status "failed".
  if (task.data && isFailed(task.data) && isTask(data)) return failed(task.data, envelope?.msg ?? null);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope, kindOfQuery(answer.status, envelope));
  // OpenAI's format has no status, only an image or an error.
  if (task.data?.status === null && imageUrl !== null) return completed(task.data, imageUrl);
  if (!task.data?.status) throw malformed(answer, 'is not a task', task.error);
  if (meaningOf(task.data.status) === 'completed')
    throw malformed(answer, 'is a completed task without an image');
  return reportOf(task.data, task.data.status, envelope.msg);
}

function billed({ cost }: { cost: number | null }): Billed {
  return cost === null ? {} : { cost };
}

/**
 * The picture that a tool has made of the one at `source`: its URL, or the bytes if the answer contains them. `baseUrl`
 * completes a relative URL. A picture with a task id counts more than the code and the HTTP status: it exists and is charged.
 */
export function readPicture(answer: Received, source: string, baseUrl: URL): MadeAtOnce & Billed {
  // Some gateways send the file instead of JSON.
  if (answer.json === undefined && answer.status < 300 && answer.image !== null)
    return { kind: 'image', bytes: bytesOf(answer.image, answer) };
  const envelope = envelopeOf(answer.json);
  const data = taskIn(envelope?.data);
  if (!isOk(answer, envelope) && !isTask(data))
    throw refusal(answer, envelope, kindOfCreate(answer.status, envelope));
  const url = imageUrlOf(data, baseUrl, source);
  const cost = billed(BilledSchema.parse(data));
  if (url !== null && url !== INLINE_IMAGE) return { kind: 'image', url, ...cost };
  if (url === null || answer.image === null) throw malformed(answer, 'has no picture');
  return { kind: 'image', bytes: bytesOf(answer.image, answer), ...cost };
}

function bytesOf(image: string, answer: Answer): Buffer {
  try {
    return bytesOfDataUri(image, image.length);
  } catch (error) {
    throw malformed(answer, 'has a picture that cannot be read', error);
  }
}

/**
 * The words of a model about a picture or in a conversation, which count more than the code and the HTTP status: they are
 * charged. Throws if there are none.
 */
export function readSaid(
  answer: Answer,
  schema: typeof CandidatesSchema | typeof ChoicesSchema,
): { text: string } {
  const envelope = envelopeOf(answer.json);
  const said = schema.safeParse(envelope?.data);
  const text = said.data?.trim();
  if (!text && !isOk(answer, envelope))
    throw refusal(answer, envelope, kindOfCreate(answer.status, envelope));
  if (!text) throw malformed(answer, 'says nothing', said.error);
  return { text };
}

/** The URL of an uploaded file, for a create's `images`. */
export function readUploadedFile(answer: Answer): { url: string } {
  const envelope = envelopeOf(answer.json);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const file = UploadedFileSchema.safeParse(envelope.data);
  if (!file.success) throw malformed(answer, 'is not an uploaded file', file.error);
  return file.data;
}

/** The account's coins; null for a number that the service doesn't report. */
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

/** The service's public prices, by billing name. Omits entries without a price for one task. */
export function readCatalog(answer: Answer): ReadonlyMap<string, number> {
  const envelope = envelopeOf(answer.json);
  if (!isOk(answer, envelope)) throw refusal(answer, envelope);
  const { data, error } = CatalogSchema.safeParse(envelope.data);
  if (!data) throw malformed(answer, 'is not a catalog', error);
  const entries = data.list.flatMap((entry) => CatalogEntrySchema.safeParse(entry).data ?? []);
  return new Map(entries.map((entry) => [entry.model_name, entry.unit_price]));
}

/** How many of the account's coins the key may spend; null when the key has no quota. */
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
  // The service reports a total of 0 for a key without a quota.
  return unlimited || total === 0 ? { name, available: null, total: null } : { name, available, total };
}

/** By the status, or when that is unknown, by the progress and the time of completion. */
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

/** The words that say why the task failed, from any field; words about the content policy come first. */
function reasonOf(task: Task, msg: string | null): string | null {
  const { error_message, error_msg, fail_reason, reason, error, message, result } = task;
  const ofAnswer = msg !== null && SAYS_NOTHING.test(msg) ? null : msg;
  const places = [error_message, error_msg, fail_reason, reason, error, message, wordsOf(result), ofAnswer];
  const said = places.filter((words) => words !== null);
  return quote(said.find(isContentPolicy) ?? firstWords(said));
}

/** The message of a successful envelope, which explains nothing. */
const SAYS_NOTHING = /^(ok|success|successful|成功|操作成功|请求成功|查询成功)[.!。！]?$/i;

/** The first URL in the answer besides the source's, else {@link INLINE_IMAGE} if it contains the image itself, else null. */
function imageUrlOf(data: unknown, baseUrl: URL, source?: string): string | null {
  const places = imagePlaces(data);
  const urls = places.flatMap((place) => addressIn(place, baseUrl) ?? []).filter((url) => url !== source);
  return urls[0] ?? (places.some((place) => bytesIn(place) !== null) ? INLINE_IMAGE : null);
}

/** The documentation names the first, but most of its examples show the second. */
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
 * A documented code decides first: "quota" in a 429 is about requests, and "balance" in bad parameters about the
 * prompt. The words decide when the code doesn't, or when they leave no doubt that the account is empty.
 */
function kindOf(status: number, envelope: Envelope | null): ServiceErrorKind {
  const words = envelope?.msg ?? '';
  if (isAccountEmpty(words)) return 'credit';
  const documented = KIND_BY_CODE.get(envelope?.code ?? null);
  // The service will refuse this prompt again, whatever code it used.
  if (documented && documented !== 'authentication' && status !== 429 && isContentPolicy(words))
    return 'content-policy';
  if (documented) return documented;
  if (status !== 429 && status !== 503) {
    if (isOutOfCredit(words)) return 'credit';
    if (isContentPolicy(words)) return 'content-policy';
  }
  return kindOfStatus(status, envelope);
}

/** No page documents the code for a missing model, so the words decide. */
function kindOfCreate(status: number, envelope: Envelope | null): ServiceErrorKind {
  const kind = kindOf(status, envelope);
  const isAboutModel = isModelUnavailable(envelope?.msg ?? '');
  return isAboutModel && kind !== 'authentication' && kind !== 'credit' ? 'model-unavailable' : kind;
}

/**
 * A 404 with a JSON object means that the service doesn't know the task. A 404 with another body comes from a proxy
 * that doesn't reach the service.
 */
function kindOfQuery(status: number, envelope: Envelope | null): ServiceErrorKind {
  const kind = kindOf(status, envelope);
  const isVague = kind === 'unknown-code' || kind === 'malformed-answer';
  if (!isVague) return kind;
  if (status === 404) return envelope === null ? 'unavailable' : 'parameters';
  return isNotFound(envelope?.msg ?? '') ? 'parameters' : kind;
}

function kindOfStatus(status: number, envelope: Envelope | null): ServiceErrorKind {
  // The service refuses a key, or the gateway that knows its keys. A page with 403 comes from an edge that blocks this
  // address, and says nothing about the key.
  if (status === 401 || (status === 403 && envelope !== null)) return 'authentication';
  if (status === 403) return 'unavailable';
  if (status === 402) return 'credit';
  if (status === 429) return 'rate-limited';
  if (status === 400 || status === 413 || status === 422) return 'parameters';
  if (status >= 500) return 'unavailable';
  return envelope?.code ? 'unknown-code' : 'malformed-answer';
}

/**
 * Whether the service has certainly refused the task. Only its own envelope proves that. A page of HTML, an empty body
 * or other JSON may come from a proxy after the service has accepted the task. Even a 4xx proves nothing, since an edge
 * or a firewall may answer instead of the service. Only a 429 is always sent before the service accepts anything.
 */
function isCertainlyRefused(status: number, envelope: Envelope | null, kind: ServiceErrorKind): boolean {
  if (status === 429) return true;
  if (envelope === null || envelope.code === null || OK_CODES.has(envelope.code)) return false;
  if (KIND_BY_CODE.has(envelope.code)) return true;
  // Gateways also answer in JSON with a code. Only the shape of the service's envelope tells them apart.
  if (!envelope.isOwn) return false;
  if (kind === 'credit' || status === 503) return true;
  // A time-out or an internal failure doesn't tell whether it came before or after the charge.
  return status < 500 && status !== 408;
}

const CODE_MAX_CHARACTERS = 40;
const QUOTE_MAX_CHARACTERS = 300;

function quote(words: string | null): string | null {
  return shorten(words?.trim() ?? '', QUOTE_MAX_CHARACTERS) || null;
}
