import { z } from 'zod';
import { TextSchema } from '../image-service/envelope.ts';
import { readable, wordsOf } from '../image-service/words.ts';

/** Fits into one segment of a query's path, and isn't too long for a log line. */
const TASK_ID = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}]{1,256}$/v;

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

/** A number, or a number in a string; anything else counts as not reported. */
const CoinsSchema = z
  .union([z.number(), z.string().trim().min(1).transform(Number).pipe(z.number())])
  .nullable()
  .catch(null);

/** Far more than any image costs. A higher number isn't believed. */
const COST_MAX_COINS = 100_000;

/** A billed cost or a price; a number that can't be one counts as not reported. */
const CostSchema = CoinsSchema.transform((coins) =>
  coins !== null && coins >= 0 && coins <= COST_MAX_COINS ? coins : null,
);

/** The cost that any answer reports. */
export const BilledSchema = z.object({ cost: CostSchema }).catch({ cost: null });

/** A text, or several parts of one. Anything else says nothing. */
const SaidSchema = z
  .union([
    z.string(),
    z
      .array(z.object({ text: z.string().catch('') }).catch({ text: '' }))
      .transform((parts) => parts.map(({ text }) => text).join('')),
  ])
  .catch('');

/** A model's words about a picture, in Gemini's format. */
export const CandidatesSchema = z
  .object({
    candidates: z.array(
      z.object({ content: z.object({ parts: SaidSchema }) }).catch({ content: { parts: '' } }),
    ),
  })
  .transform(({ candidates: [first] }) => first?.content.parts ?? '');

/** A model's answer in a conversation, in OpenAI's format. */
export const ChoicesSchema = z
  .object({
    choices: z.array(
      z.object({ message: z.object({ content: SaidSchema }) }).catch({ message: { content: '' } }),
    ),
  })
  .transform(({ choices: [first] }) => first?.message.content ?? '');

/** A number beyond 2⁵³ has lost digits in parsing, and could be the id of another task, so it is refused. */
export const CreatedTaskSchema = z.object({
  task_id: z.union([z.string().regex(TASK_ID), z.int().positive().transform(String)]),
  cost: CostSchema,
});

export const CatalogSchema = z.object({ list: z.array(z.unknown()) });

/** An entry of the catalog. Only entries that are billed by the task tell the price of one image. */
export const CatalogEntrySchema = z.object({
  model_name: z.string().trim().min(1).max(200),
  price_mode: z
    .unknown()
    .optional()
    .refine((mode) => mode === undefined || mode === null || mode === '' || mode === 'per_task'),
  // A price of 0 means that nobody has set one.
  unit_price: CostSchema.pipe(z.number().positive()),
});

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

const ReasonSchema = z.unknown().optional().transform(wordsOf);

/** A field of an unexpected type counts as absent, and doesn't affect the others. */
export const TaskSchema = z.object({
  status: z
    .string()
    .transform((status) => readable(status).trim().toLowerCase() || null)
    .nullable()
    .catch(null),
  progress: ProgressSchema.optional().default(null),
  completed_at: UnixTimeSchema,
  cost: CostSchema,
  error_message: ReasonSchema,
  error_msg: ReasonSchema,
  fail_reason: ReasonSchema,
  reason: ReasonSchema,
  error: ReasonSchema,
  message: ReasonSchema,
  result: z.unknown().optional(),
});

export type Task = z.infer<typeof TaskSchema>;
