import { z } from 'zod';

/** What every answer is wrapped in: `{ code, msg, data }`. */
export interface Envelope {
  /** null where the service answered as its older version did: with the bare data and no envelope. */
  code: string | null;
  msg: string | null;
  /** The whole body where it has no `data`. */
  data: unknown;
}

/** Words of the service are read by people, by patterns and by terminals: a megabyte of them would hold all three up. */
const TEXT_MAX_CHARACTERS = 2000;

function readable(text: string): string {
  return text
    .slice(0, TEXT_MAX_CHARACTERS)
    .toWellFormed()
    .replace(/[\p{Cc}--[\t\n\r]]/gv, ' ');
}

/** A string, or a number in its place (`code` comes as both); anything else counts as absent. */
const TextSchema = z
  .union([z.string().transform(readable), z.number().transform(String)])
  .nullable()
  .catch(null);

const EnvelopeSchema = z.object({ code: TextSchema, msg: TextSchema, data: z.unknown().optional() });

/** The envelope of an answer's body, or null where the body isn't a JSON object. */
export function parseEnvelope(text: string): Envelope | null {
  const json = parseJson(text);
  const envelope = EnvelopeSchema.safeParse(json);
  if (!envelope.success) return null;
  const { code, msg, data } = envelope.data;
  return { code, msg, data: data ?? json };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // an HTML page from a proxy: told apart by the caller, like any other non-object
  }
}

/** What a query's address can hold as one segment, and each line of the log without drowning in it. */
const TASK_ID = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}]{1,256}$/v;

/** A number beyond 2⁵³ has lost digits in parsing: better no id than another task's. */
export const CreatedTaskSchema = z.object({
  task_id: z.union([z.string().regex(TASK_ID), z.int().positive().transform(String)]),
});

/** Something stands where the id of a task would, whether or not it can be used. */
export const MaybeCreatedTaskSchema = z.object({
  task_id: z.unknown().refine((id) => Boolean(id)),
});

export const UploadedFileSchema = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** `progress` may be missing, null, a string or out of range. */
const ProgressSchema = z.unknown().transform((value) => {
  const percent = typeof value === 'string' ? Number.parseFloat(value) : value;
  if (typeof percent !== 'number' || !Number.isFinite(percent)) return null;
  return Math.round(Math.min(100, Math.max(0, percent)));
});

/** Unix seconds, as a number or a string; anything else counts as absent. In milliseconds. */
const UnixTimeSchema = z.coerce
  .number()
  .positive()
  .transform((seconds) => seconds * 1000)
  .nullable()
  .catch(null);

/** Longer than any signed address, and short enough for the ledger. */
const URL_MAX_CHARACTERS = 8192;

const UrlReferenceSchema = z.string().trim().max(URL_MAX_CHARACTERS).nullable().catch(null);
/** A number, or one in a string; anything else counts as untold. */
const CoinsSchema = z
  .union([z.number(), z.string().trim().min(1).transform(Number).pipe(z.number())])
  .nullable()
  .catch(null);

export const AccountBalanceSchema = z.object({
  balance: CoinsSchema,
  used_coin: CoinsSchema,
  available: CoinsSchema,
});

export const KeyBalanceSchema = z.object({
  name: TextSchema,
  total_quota: CoinsSchema,
  available_quota: CoinsSchema,
  unlimited: z.boolean().catch(false),
});

/** Only the status is indispensable: a field of an unexpected type counts as absent, and hides none of the others. */
export const TaskSchema = z.object({
  status: z.string().transform(readable).pipe(z.string().trim().toLowerCase().min(1)),
  progress: ProgressSchema.optional().default(null),
  completed_at: UnixTimeSchema,
  result: z
    .object({ image_url: UrlReferenceSchema, image_urls: z.array(UrlReferenceSchema).catch([]) })
    .nullable()
    .catch(null),
  error_message: TextSchema,
  error_msg: TextSchema,
  fail_reason: TextSchema,
});

export type Task = z.infer<typeof TaskSchema>;
