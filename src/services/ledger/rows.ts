import type { RunningLimits } from '../request/limits.ts';
import type { ModelId, Quality, Ratio, Resolution } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import { isTextTool, type TextTool, UPSCALE_FACTORS } from '../request/tools.ts';

/** The states of a task, as in CONTRIBUTING.md. */
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
  // the service refused, or couldn't be reached: certainly not charged
  | 'authentication'
  | 'credit'
  | 'parameters'
  | 'model-unavailable'
  | 'rate-limited'
  | 'unavailable'
  | 'unreachable'
  | 'unknown-answer'
  // on the bot's side, before anything was sent
  | 'reference-unavailable'
  | 'reference-not-an-image'
  | 'reference-unsupported'
  | 'reference-too-large'
  | 'reference-shape'
  | 'reference-mask-opaque'
  | 'reference-mask-size'
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

/** Whether the reference that was to blame may work at another time or for another model, so that it is kept. */
export function mayServeAgain(reason: EndReason): boolean {
  return reason === 'reference-unavailable' || reason === 'reference-shape';
}

/** The location of a message. */
export interface MessagePlace {
  readonly id: string;
  readonly channelId: string;
  /**
   * Whether Discord shows it to one person only, although it was sent for everybody. This happens where members may not
   * use their own apps (docs: topics/permissions, USE_EXTERNAL_APPS).
   */
  readonly isEphemeral?: boolean;
}

/** A request being served: one reply in Discord. Times are milliseconds since the epoch. */
export interface Generation {
  readonly id: string;
  /** The generation that this one was made from. */
  readonly parentId: string | null;
  /** The link to the message at Discord that this one was made from. */
  readonly parentUrl: string | null;
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string | null;
  /** When the token's interaction arrived. */
  readonly tokenAt: number;
  readonly userId: string;
  readonly guildId: string | null;
  /** Null when Discord doesn't tell. */
  readonly channelId: string | null;
  /** The reply's message, once it is known. */
  readonly message: { readonly id: string; readonly channelId: string } | null;
  readonly private: boolean;
  /** Whether a default was changed by the server's rules. */
  readonly adapted: boolean;
  /** Whether Discord's own header above the reply names the person. */
  readonly named: boolean;
  /** Whether the bot can reach the reply after the interaction's token has expired. */
  readonly lasting: boolean;
  readonly locale: string;
  readonly attachmentSizeLimit: number;
  readonly request: ImageRequest;
  readonly createdAt: number;
  readonly acknowledgedAt: number | null;
  /** From the limits at the time of the request. */
  readonly runningLimits: RunningLimits;
  /** When those limits let it begin. */
  readonly startedAt: number | null;
  readonly cancelRequestedAt: number | null;
  /** When the bot notified the person that it is done. */
  readonly notifiedAt: number | null;
  readonly settledAt: number | null;
  /** When its owner added it to the favourites. */
  readonly starredAt: number | null;
}

/** One image at the service. */
export interface Task {
  readonly id: string;
  readonly generationId: string;
  readonly state: TaskState;
  readonly serviceTaskId: string | null;
  /** {@link KEPT_IMAGE} when the image has no URL. */
  readonly imageUrl: string | null;
  readonly imageFile: string | null;
  /** The thumbnail for the history: a few kilobytes that stay when the image is gone. */
  readonly thumbnailFile: string | null;
  /** The id of the image's attachment in the generation's message, once it was delivered. */
  readonly attachmentId: string | null;
  readonly reason: EndReason | null;
  /** The service's own words about the end. */
  readonly serviceWords: string | null;
  /** When the service accepted it; before that, when it was first sent. */
  readonly submittedAt: number | null;
  /** When the waiting began, or began again. The deadline counts from here. */
  readonly watchedSince: number | null;
  readonly endedAt: number | null;
  /** When the service will presumably finish the task, although nobody waits for it any more. */
  readonly busyUntil: number | null;
  /** The billed cost in the service's coins; null until the service reports it. */
  readonly cost: number | null;
  /** The words that a tool has answered with, instead of an image. */
  readonly answer: string | null;
}

/**
 * Stored instead of an image's URL when the image came with the service's answer, so that only the bot has it. It isn't
 * a URL, so that nothing links to it or fetches it.
 */
export const KEPT_IMAGE = 'kept';

/** A reference image of the request. It has a short-lived URL until its bytes are kept in `file`. */
export interface ReferenceImage extends ReferenceSource {
  readonly generationId: string;
  readonly position: number;
}

export interface ReferenceSource {
  readonly name: string;
  /** The owner of `url`, which decides how far it is trusted. */
  readonly source: 'discord' | 'service';
  readonly url: string | null;
  readonly file: string | null;
  /** A mask for the first reference, which may change where the mask is transparent. It isn't a reference itself. */
  readonly isMask?: true | undefined;
}

/** How many of them are references. A mask doesn't count. */
export function countReferences(images: readonly Pick<ReferenceSource, 'isMask'>[]): number {
  return images.filter(({ isMask }) => !isMask).length;
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
      ...toolFromRow(row),
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

function toolFromRow({
  tool: name,
  tool_factor: factor,
  tool_options: options,
}: Row): Pick<ImageRequest, 'tool'> {
  if (name === 'remove-bg') return { tool: { name } };
  if (name === 'describe' || name === 'enhance') return { tool: { name, ...JSON.parse(options as string) } };
  if (name !== 'upscale') return {};
  return { tool: { name, factor: UPSCALE_FACTORS.find((each) => each === factor) ?? UPSCALE_FACTORS[0] } };
}

/** The columns for the tool that makes the picture or the words, if any. */
export function toolColumns({ tool }: Pick<ImageRequest, 'tool'>) {
  return {
    tool: tool?.name ?? null,
    toolFactor: tool?.name === 'upscale' ? tool.factor : null,
    toolOptions: isTextTool(tool) ? optionsOf(tool) : null,
  };
}

function optionsOf({ name: _, ...options }: TextTool): string {
  return JSON.stringify(options);
}

/** The columns for the location of a reply. */
export function placeColumns(message: Generation['message']) {
  return { messageId: message?.id ?? null, messageChannelId: message?.channelId ?? null };
}

/** A request from before the bot had limits has none. */
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
    answer: row.answer as string | null,
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
    ...(row.is_mask === 1 && { isMask: true as const }),
  };
}

/** The short number that a person sees and an operator finds in the log. */
export function referenceNumber(generationId: string): string {
  return generationId.slice(-8);
}
