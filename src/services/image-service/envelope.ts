import { z } from 'zod';
import type { Charged } from './errors.ts';
import { bytesIn, imagePlaces } from './image-places.ts';
import { firstWords, readable, wordsOf } from './words.ts';

/** An HTTP answer, from the service or from whatever answered in its place. */
export interface Answer {
  status: number;
  /** The condensed body; undefined when it isn't JSON. Its content type doesn't matter. */
  json: unknown;
  retryAfterMs: number | null;
  /** Whether an answer that doesn't tell may mean a charge: 'maybe' for a create, 'no' for every other call. */
  chargedIfUnclear: Charged;
}

/** The wrapping of every answer: `{ code, msg, data }`. */
export interface Envelope {
  /** Null for an answer of the service's older version, which sends bare data without an envelope. */
  code: string | null;
  /** The words of the answer, from whichever field has them. */
  msg: string | null;
  /** The field `data`, or the whole body without one. */
  data: unknown;
  /** Whether it has the service's own shape rather than that of a gateway's error. */
  isOwn: boolean;
}

/** A string or a number (`code` comes as either); anything else counts as absent. */
export const TextSchema = z
  .union([z.string().transform((text) => readable(text).trim() || null), z.number().transform(String)])
  .nullable()
  .catch(null);

const EnvelopeSchema = z.looseObject({
  code: TextSchema,
  msg: z.unknown().optional(),
  data: z.unknown().optional(),
});

/** The envelope of an answer's JSON; null when that isn't an object. */
export function envelopeOf(json: unknown): Envelope | null {
  const envelope = EnvelopeSchema.safeParse(json);
  if (!envelope.success) return null;
  const { code, msg, data, message, error } = envelope.data;
  return {
    code,
    msg: firstWords([msg, message, error]),
    data: data ?? json,
    isOwn: code !== null && wordsOf(msg) !== null,
  };
}

/** Matches when the answer has some task id, usable or not. */
export const MaybeCreatedTaskSchema = z.object({
  task_id: z.unknown().refine((id) => Boolean(id)),
});

/** The fields that may contain the task one level down. */
const WrappedSchema = z.object({ task: z.unknown().optional(), data: z.unknown().optional() });

/** Unwraps a task alone in a list, in a second envelope, or in a field `task`; otherwise returns the data. */
export function taskIn(data: unknown): unknown {
  const inside = WrappedSchema.safeParse(data).data;
  const places = Array.isArray(data) ? data : isTask(data) ? [] : [inside?.task, inside?.data];
  const [only, ...others] = places.filter((place) => place !== undefined && place !== null);
  if (others.length > 0) return data;
  return isTask(only) ? only : data;
}

export function isTask(data: unknown): boolean {
  return MaybeCreatedTaskSchema.safeParse(data).success;
}

/** The image that the answer itself contains, as a data URI; null when it contains none. */
export function inlineImageIn(json: unknown): string | null {
  const places = imagePlaces(taskIn(envelopeOf(json)?.data));
  return places.map(bytesIn).find((image) => image !== null) ?? null;
}
