import type { RunningLimits } from '../request/limits.ts';
import type { ModelId, Quality, Ratio, Resolution } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';

/** The life of a task, as design.md draws it. */
export type TaskState =
  | 'reserved'
  | 'submitting'
  | 'running'
  | 'completed'
  | 'delivered'
  | 'undeliverable'
  | 'failed'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'unconfirmed';

/** Why a task ended without an image that could be shown. */
export type EndReason =
  // the service said no, or couldn't be reached: certainly not charged
  | 'authentication'
  | 'credit'
  | 'parameters'
  | 'model-unavailable'
  | 'rate-limited'
  | 'unavailable'
  | 'unreachable'
  | 'unknown-answer'
  // this side, before anything was sent
  | 'reference-unavailable'
  | 'reference-not-an-image'
  | 'reference-unsupported'
  | 'reference-too-large'
  | 'reference-shape'
  | 'reply-gone'
  // the task itself
  | 'content-policy'
  | 'model-failed'
  | 'task-unknown'
  | 'deadline'
  | 'outcome-unknown'
  | 'cancelled-unsent'
  | 'cancelled-sent'
  // the image
  | 'image-gone'
  | 'image-forbidden'
  | 'image-broken'
  | 'image-in-part'
  | 'image-unreachable'
  | 'image-unsupported'
  | 'image-expired'
  | 'too-large'
  | 'discord-refused'
  | 'nowhere-to-deliver';

/** A reference that was in the way may serve another time, or another model: it isn't forgotten. */
export function mayServeAgain(reason: EndReason): boolean {
  return reason === 'reference-unavailable' || reason === 'reference-shape';
}

/** Where a message stands. */
export interface MessagePlace {
  readonly id: string;
  readonly channelId: string;
  /**
   * Discord shows it to one person alone, though it was sent for everybody: where members may not use apps of their own
   * (docs: topics/permissions, USE_EXTERNAL_APPS).
   */
  readonly isEphemeral?: boolean;
}

/** A request being served: one reply in Discord. Times are milliseconds since the epoch. */
export interface Generation {
  readonly id: string;
  /** The generation that this one was made from. */
  readonly parentId: string | null;
  /** Where a person finds what this one was made from: a message at Discord. */
  readonly parentUrl: string | null;
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string | null;
  /** When the interaction of the token came. */
  readonly tokenAt: number;
  readonly userId: string;
  readonly guildId: string | null;
  /** Null where Discord doesn't say. */
  readonly channelId: string | null;
  /** Where the reply stands, once that is known. */
  readonly message: { readonly id: string; readonly channelId: string } | null;
  readonly private: boolean;
  /** A default gave way to the server's rules. */
  readonly adapted: boolean;
  /** Discord's own header names the person above the reply. */
  readonly named: boolean;
  /** The bot can reach the reply for longer than the interaction's token lives. */
  readonly lasting: boolean;
  readonly locale: string;
  readonly attachmentSizeLimit: number;
  readonly request: ImageRequest;
  readonly createdAt: number;
  readonly acknowledgedAt: number | null;
  /** By the limits that it came with. */
  readonly runningLimits: RunningLimits;
  /** When those let it begin. */
  readonly startedAt: number | null;
  readonly cancelRequestedAt: number | null;
  /** When the person was told besides the reply that it is done. */
  readonly notifiedAt: number | null;
  readonly settledAt: number | null;
  /** When its owner made it a favourite. */
  readonly starredAt: number | null;
}

/** One image at the service. */
export interface Task {
  readonly id: string;
  readonly generationId: string;
  readonly state: TaskState;
  readonly serviceTaskId: string | null;
  /** {@link KEPT_IMAGE} where no address leads to it. */
  readonly imageUrl: string | null;
  readonly imageFile: string | null;
  /** The image as the history shows it: a few kilobytes that stay when the image has gone. */
  readonly thumbnailFile: string | null;
  /** The image in the generation's message, once it was delivered there. */
  readonly attachmentId: string | null;
  readonly reason: EndReason | null;
  /** The service's own words about the end. */
  readonly serviceWords: string | null;
  /** When the service took it; before that, when it was first sent. */
  readonly submittedAt: number | null;
  /** When the waiting began, or began again: what the deadline counts from. */
  readonly watchedSince: number | null;
  readonly endedAt: number | null;
  /** Until when the service presumably goes on with it though nobody waits any more. */
  readonly busyUntil: number | null;
  /** What the service billed for it, in its coins; null as long as it hasn't told. */
  readonly cost: number | null;
}

/**
 * Stands in an image's address where the image came with the service's answer: nobody but the bot has it. It is no URL, so
 * that nothing links it or fetches from it.
 */
export const KEPT_IMAGE = 'kept';

/** An image that goes along with the request: at its short-lived address until its bytes are kept in `file`. */
export interface ReferenceImage extends ReferenceSource {
  readonly generationId: string;
  readonly position: number;
}

export interface ReferenceSource {
  readonly name: string;
  /** Whose address `url` is, and so how far it is trusted. */
  readonly source: 'discord' | 'service';
  readonly url: string | null;
  readonly file: string | null;
}

type Row = Record<string, unknown>;

export function generationFromRow(row: Row): Generation {
  return {
    id: row.id as string,
    parentId: row.parent_id as string | null,
    parentUrl: row.parent_url as string | null,
    interactionId: row.interaction_id as string,
    applicationId: row.application_id as string,
    token: row.token as string | null,
    tokenAt: row.token_at as number,
    userId: row.user_id as string,
    guildId: row.guild_id as string | null,
    channelId: row.channel_id as string | null,
    message: messageFromRow(row),
    private: row.private === 1,
    adapted: row.adapted === 1,
    named: row.named === 1,
    lasting: row.lasting === 1,
    locale: row.locale as string,
    attachmentSizeLimit: row.attachment_size_limit as number,
    request: {
      prompt: row.prompt as string,
      model: row.model as ModelId,
      ratio: row.ratio as Ratio,
      resolution: row.resolution as Resolution,
      quality: row.quality as Quality | null,
      transparent: row.transparent === 1,
      count: row.count as number,
    },
    createdAt: row.created_at as number,
    acknowledgedAt: row.acknowledged_at as number | null,
    runningLimits: runningLimitsFromRow(row),
    startedAt: row.started_at as number | null,
    cancelRequestedAt: row.cancel_requested_at as number | null,
    notifiedAt: row.notified_at as number | null,
    settledAt: row.settled_at as number | null,
    starredAt: row.starred_at as number | null,
  };
}

function messageFromRow({ message_id: id, message_channel_id: channelId }: Row): Generation['message'] {
  return typeof id === 'string' && typeof channelId === 'string' ? { id, channelId } : null;
}

/** The columns of where a reply stands. */
export function placeColumns(message: Generation['message']) {
  return { messageId: message?.id ?? null, messageChannelId: message?.channelId ?? null };
}

/** A request from before there were limits has none. */
export function runningLimitsFromRow({ running_limits: limits }: Row): RunningLimits {
  return typeof limits === 'string' ? JSON.parse(limits) : { person: null, member: null, server: null };
}

export function taskFromRow(row: Row): Task {
  return {
    id: row.id as string,
    generationId: row.generation_id as string,
    state: row.state as TaskState,
    serviceTaskId: row.service_task_id as string | null,
    imageUrl: row.image_url as string | null,
    imageFile: row.image_file as string | null,
    thumbnailFile: row.thumbnail_file as string | null,
    attachmentId: row.attachment_id as string | null,
    reason: row.reason as EndReason | null,
    serviceWords: row.service_words as string | null,
    submittedAt: row.submitted_at as number | null,
    watchedSince: row.watched_since as number | null,
    endedAt: row.ended_at as number | null,
    busyUntil: row.busy_until as number | null,
    cost: row.cost as number | null,
  };
}

export function referenceFromRow(row: Row): ReferenceImage {
  return {
    generationId: row.generation_id as string,
    position: row.position as number,
    name: row.name as string,
    source: row.source as ReferenceImage['source'],
    url: row.url as string | null,
    file: row.file as string | null,
  };
}

/** The short number that a person sees and an operator finds in the log. */
export function referenceNumber(generationId: string): string {
  return generationId.slice(-8);
}
