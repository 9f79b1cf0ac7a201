import { z } from 'zod';

/** What every answer is wrapped in: `{ code, msg, data }`. */
export interface Envelope {
  /** null where the service answered as its older version did: with the bare data and no envelope. */
  code: string | null;
  msg: string | null;
  /** The whole body where it has no `data`. */
  data: unknown;
}

/** A string, or a number in its place (`code` comes as both); anything else counts as absent. */
const TextSchema = z
  .union([z.string(), z.number().transform(String)])
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

/** A number beyond 2⁵³ has lost digits in parsing: better no id than another task's. */
export const CreatedTaskSchema = z.object({
  task_id: z.union([z.string().min(1), z.int().positive().transform(String)]),
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

const UrlReferenceSchema = z.string().trim().nullable().catch(null);

/** Only the status is indispensable: a field of an unexpected type counts as absent, and hides none of the others. */
export const TaskSchema = z.object({
  status: z.string().trim().toLowerCase().min(1),
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
