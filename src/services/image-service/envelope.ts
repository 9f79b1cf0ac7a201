import { z } from 'zod';
import type { Charged } from './errors.ts';
import { bytesIn, imagePlaces } from './image-places.ts';
import { firstWords, readable, wordsOf } from './words.ts';

/** What came back over HTTP, whatever it is. */
export interface Answer {
  status: number;
  /** The body, condensed; undefined where it is no JSON, whatever its content type says. */
  json: unknown;
  retryAfterMs: number | null;
  /** What an answer that doesn't settle the matter means: 'maybe' for a create, 'no' for everything else. */
  chargedIfUnclear: Charged;
}

/** What every answer is wrapped in: `{ code, msg, data }`. */
export interface Envelope {
  /** null where the service answered as its older version did: with the bare data and no envelope. */
  code: string | null;
  /** In words, wherever in the answer they stand. */
  msg: string | null;
  /** The whole body where it has no `data`. */
  data: unknown;
  /** It has the service's own shape, and not that of a gateway's error. */
  isOwn: boolean;
}

/** A string, or a number in its place (`code` comes as both); anything else counts as absent. */
export const TextSchema = z
  .union([z.string().transform((text) => readable(text).trim() || null), z.number().transform(String)])
  .nullable()
  .catch(null);

const EnvelopeSchema = z.looseObject({
  code: TextSchema,
  msg: z.unknown().optional(),
  data: z.unknown().optional(),
});

/** The envelope of an answer's JSON, or null where that isn't an object. */
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

/** Something stands where the id of a task would, whether or not it can be used. */
export const MaybeCreatedTaskSchema = z.object({
  task_id: z.unknown().refine((id) => Boolean(id)),
});

/** What may hold the task one level down. */
const WrappedSchema = z.object({ task: z.unknown().optional(), data: z.unknown().optional() });

/** The task alone in a list, in an envelope within the envelope, or under its name; else the data as it is. */
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

/** An image that stands in the answer itself, as a data URI; null where it holds none. */
export function inlineImageIn(json: unknown): string | null {
  const places = imagePlaces(taskIn(envelopeOf(json)?.data));
  return places.map(bytesIn).find((image) => image !== null) ?? null;
}
