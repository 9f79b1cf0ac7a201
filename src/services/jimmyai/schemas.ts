import { z } from 'zod';

/** What every answer is wrapped in: `{ code, msg, data }`. */
export interface Envelope {
  /** null where the service answered as its older version did: with the bare data and no envelope. */
  code: string | null;
  msg: string | null;
  /** The whole body where it has no `data`. */
  data: unknown;
}

/** `code` comes as the string "20000" and as the number 20000. */
const EnvelopeSchema = z.object({
  code: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  msg: z.string().nullish().catch(null),
  data: z.unknown().optional(),
});

/** The envelope of an answer's body, or null where the body isn't a JSON object. */
export function parseEnvelope(text: string): Envelope | null {
  const json = parseJson(text);
  const envelope = EnvelopeSchema.safeParse(json);
  if (!envelope.success) return null;
  const { code = null, msg = null, data } = envelope.data;
  return { code, msg, data: data ?? json };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // an HTML page from a proxy: told apart by the caller, like any other non-object
  }
}

export const CreatedTaskSchema = z.object({ task_id: z.string().min(1) });

export const UploadedFileSchema = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** `progress` may be missing, null, a string or out of range. */
const ProgressSchema = z.unknown().transform((value) => {
  const percent = typeof value === 'string' ? Number.parseFloat(value) : value;
  if (typeof percent !== 'number' || !Number.isFinite(percent)) return null;
  return Math.round(Math.min(100, Math.max(0, percent)));
});

export const TaskSchema = z.object({
  status: z.string().min(1),
  progress: ProgressSchema.optional().default(null),
  result: z.object({ image_url: z.string().nullish(), image_urls: z.array(z.string()).nullish() }).nullish(),
  error_message: z.string().nullish(),
  error_msg: z.string().nullish(),
  fail_reason: z.string().nullish(),
});

export type Task = z.infer<typeof TaskSchema>;
