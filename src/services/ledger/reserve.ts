import { v7 as uuidv7 } from 'uuid';
import { kindOf, makerOf } from '../request/billing.ts';
import { type LimitRefusal, type RequestLimits, runningOf } from '../request/limits.ts';
import type { Database, Steps } from './database.ts';
import type { Draft } from './drafts.ts';
import { countReferences, type Generation, placeColumns, toolColumns } from './rows.ts';
import { together } from './together.ts';
import { createUsage } from './usage.ts';

/** Every way to reach the reply to an interaction. */
export interface ReplyAddress {
  readonly applicationId: string;
  readonly token: string;
  readonly guildId: string | null;
  readonly channelId: string | null;
  readonly private: boolean;
  readonly named: boolean;
  readonly lasting: boolean;
  readonly attachmentSizeLimit: number;
}

/**
 * The row that is written before the bot asks Discord or the service for anything: the request, and every way to reach
 * its reply.
 */
export interface Reservation extends ReplyAddress, Draft {
  readonly interactionId: string;
  readonly userId: string;
  readonly locale: string;
  /** The existing message that becomes the reply, if any. */
  readonly message: Generation['message'];
  /** The draft that becomes this generation, and can't become another one. */
  readonly draftId: string | null;
  readonly limits: RequestLimits;
  /** The expected cost of each image in coins, which is charged until the service bills it. */
  readonly cost: number;
}

/** Another retry of the same parent is already being served. */
export const RETRY_UNDER_WAY = { kind: 'retry-under-way' } as const;

/**
 * The lock for decisions that depend on the whole ledger: whether a limit has room, or whether a row still names a
 * file.
 */
export const WHAT_THERE_IS = 'what there is';

/** Why a reservation was not written. */
export type ReserveRefusal = LimitRefusal | typeof RETRY_UNDER_WAY;

/** Whether a retry by the generation's owner is still being served. */
export const IS_BEING_RETRIED = `SELECT 1 FROM generations AS retry JOIN generations AS first ON first.id = retry.parent_id
  WHERE first.id = :id AND retry.settled_at IS NULL AND retry.user_id = first.user_id
    AND retry.prompt = first.prompt AND retry.tool IS NOT DISTINCT FROM first.tool LIMIT 1`;

const SQL = {
  isBeingRetried: IS_BEING_RETRIED,
  isKnown: 'SELECT 1 FROM generations WHERE interaction_id = :interactionId',
  hasDraft: 'SELECT 1 FROM drafts WHERE id = :draftId',
  takeDraft: 'DELETE FROM drafts WHERE id = :draftId',
  insert: `INSERT INTO generations (id, parent_id, parent_url, interaction_id, application_id, token, token_at, user_id, guild_id,
             channel_id, message_id, message_channel_id, private, adapted, named, lasting, locale, attachment_size_limit,
             prompt, model, ratio, resolution, quality, transparent, count, tool, tool_factor, tool_options, running_limits, created_at,
             lease_owner)
           VALUES (:id, :parentId, :parentUrl, :interactionId, :applicationId, :token, :now, :userId, :guildId,
             :channelId, :messageId, :messageChannelId, :private, :adapted, :named, :lasting, :locale, :attachmentSizeLimit,
             :prompt, :model, :ratio, :resolution, :quality, :transparent, :count, :tool, :toolFactor, :toolOptions, :runningLimits, :now,
             :owner)`,
  insertTask: 'INSERT INTO tasks (id, generation_id) VALUES (:id, :generationId)',
  charge: `INSERT INTO charges (task_id, user_id, guild_id, model, kind, coins, charged_at)
           VALUES (:taskId, :userId, :guildId, :model, :kind, :cost, :now)`,
  insertReference: `INSERT INTO reference_images (generation_id, position, name, source, url, file, is_mask)
                    VALUES (:generationId, :position, :name, :source, :url, :file, :isMask)`,
} as const;

/**
 * Writes and charges a request, unless a limit refuses it. Call it in a write with the lock {@link WHAT_THERE_IS}: the
 * check and the write are then one step, so that no request gets past a limit, however many arrive at once in any
 * process.
 */
export function createReserve(
  db: Database,
  owner: string,
): (reservation: Reservation, now: number) => Steps<string | ReserveRefusal | null> {
  const statements = db.prepare(SQL);
  const refusalOf = createUsage(db);

  /** Whether the interaction or the draft has a generation already. */
  function* isTaken({ interactionId, draftId }: Reservation): Steps<boolean> {
    const [known, draft] = yield* together(
      statements.isKnown.get({ interactionId }),
      statements.hasDraft.get({ draftId }),
    );
    return known !== undefined || (draftId !== null && !draft);
  }

  function* isRetriedAlready({ retry, parentId }: Reservation): Steps<boolean> {
    if (!retry) return false;
    return (yield* statements.isBeingRetried.get({ id: parentId })) !== undefined;
  }

  function* insert(reservation: Reservation, now: number): Steps<string> {
    const { request, references, message, draftId, limits, cost, retry: _, ...columns } = reservation;
    const id = uuidv7();
    const row = {
      ...columns,
      ...request,
      ...placeColumns(message),
      id,
      owner,
      ...toolColumns(request),
      transparent: request.transparent ? 1 : 0,
      private: Number(columns.private),
      adapted: Number(columns.adapted),
      named: Number(columns.named),
      lasting: Number(columns.lasting),
      runningLimits: JSON.stringify(runningOf(limits)),
      now,
    };
    const { userId, guildId } = columns;
    const kind = kindOf(request, countReferences(references));
    const charge = { userId, guildId, model: makerOf(request), kind, cost, now };
    const taskIds = Array.from({ length: request.count }, () => uuidv7());
    yield* together(
      ...(draftId === null ? [] : [statements.takeDraft.run({ draftId })]),
      statements.insert.run(row),
      ...taskIds.flatMap((taskId) => [
        statements.insertTask.run({ id: taskId, generationId: id }),
        statements.charge.run({ taskId, ...charge }),
      ]),
      ...references.map((reference, position) =>
        statements.insertReference.run({
          ...reference,
          isMask: reference.isMask ? 1 : 0,
          generationId: id,
          position,
        }),
      ),
    );
    return id;
  }

  return function* reserve(reservation, now) {
    const [taken, retried, refusal] = yield* together(
      isTaken(reservation),
      isRetriedAlready(reservation),
      refusalOf({ ...reservation, count: reservation.request.count }, now),
    );
    if (taken) return null;
    if (retried) return RETRY_UNDER_WAY;
    return refusal ?? (yield* insert(reservation, now));
  };
}
