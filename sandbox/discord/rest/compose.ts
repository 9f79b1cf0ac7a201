import { type APIAttachment, MessageFlags } from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import { emptyMessage, invalidFormBody, tooLarge } from '../errors.ts';
import type { MessageBody } from '../validate/messages.ts';
import type { MessageContent } from '../world/messages.ts';
import type { Message } from '../world/world.ts';
import type { UploadedFile } from './route.ts';
import { embedsOf, refuseMissing, unfurled } from './unfurl.ts';

/** The channel of a message's files, and the largest file in bytes. */
export interface Place {
  channelId: string;
  ephemeral: boolean;
  fileLimit: number;
}

/** docs: reference, uploading files – the limit without an interaction's `attachment_size_limit`. */
export const DEFAULT_FILE_LIMIT_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;
const SETTABLE_FLAGS =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;
const EDITABLE_FLAGS = MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2;

type Pending = () => Promise<MessageContent>;

/**
 * Checks a new message; the returned function stores its files on the CDN. Nothing is stored before.
 * @throws {DiscordError} 40005, 50006, 50035.
 */
export function composeMessage(
  cdn: Cdn,
  body: MessageBody,
  files: readonly UploadedFile[],
  place: Place,
): Pending {
  const attached = attach(body, files, undefined, place);
  const rest = {
    content: body.content ?? '',
    embeds: embedsOf(body, cdn),
    components: body.components ?? [],
    flags: ((body.flags ?? 0) & SETTABLE_FLAGS) | (place.ephemeral ? MessageFlags.Ephemeral : 0),
    allowedMentions: body.allowed_mentions,
  };
  refuseEmpty({ ...rest, attachments: attached.length });
  refuseMissing(rest.components, attached.map(nameOf));
  return async () => {
    const attachments = await storeAll(cdn, attached, place);
    return { ...rest, attachments, components: unfurled(rest.components, cdn, attachments) };
  };
}

/** The same for an edit. Omitted fields stay; `null` removes one. */
export function composeEdit(
  cdn: Cdn,
  message: Message,
  body: MessageBody,
  files: readonly UploadedFile[],
  place: Place,
): Pending {
  const attached = attach(body, files, message.attachments, place);
  const flags = (message.flags ?? 0) & ~MessageFlags.Loading;
  const rest = {
    content: body.content === undefined ? message.content : (body.content ?? ''),
    embeds: body.embeds === undefined ? message.embeds : embedsOf(body, cdn),
    components: body.components === undefined ? (message.components ?? []) : (body.components ?? []),
    flags:
      body.flags == null ? flags : (flags & ~MessageFlags.SuppressEmbeds) | (body.flags & EDITABLE_FLAGS),
    allowedMentions: body.allowed_mentions,
  };
  refuseEmpty({ ...rest, attachments: attached.length });
  if (!body.components) return async () => ({ ...rest, attachments: await storeAll(cdn, attached, place) });
  refuseMissing(rest.components, attached.map(nameOf));
  return async () => {
    const attachments = await storeAll(cdn, attached, place);
    return { ...rest, attachments, components: unfurled(rest.components, cdn, attachments) };
  };
}

type Attached =
  | { kept: APIAttachment }
  | { file: UploadedFile; name: string; description: string | undefined };

function nameOf(entry: Attached): string {
  return 'kept' in entry ? entry.kept.filename : entry.name;
}

function attach(
  body: MessageBody,
  files: readonly UploadedFile[],
  existing: readonly APIAttachment[] | undefined,
  place: Place,
): Attached[] {
  const listed = body.attachments;
  const entries = listed ?? [];
  const fromList = entries.map((entry, index): Attached => {
    const id = String(entry.id);
    const file = files.find(({ field }) => field === `files[${id}]`);
    if (file) return { file, name: entry.filename ?? file.name, description: entry.description ?? undefined };
    const kept = existing?.find((attachment) => attachment.id === id);
    if (kept) return { kept: entry.description == null ? kept : { ...kept, description: entry.description } };
    const path = ['attachments', index, 'id'];
    throw invalidFormBody([
      { path, code: 'ATTACHMENT_NOT_FOUND', message: `Attachment ${id} was not found` },
    ]);
  });
  const isListed = (file: UploadedFile) => fromList.some((entry) => 'file' in entry && entry.file === file);
  // An edit that lists attachments keeps only those. Otherwise the old ones stay and every file is added.
  const unlisted = existing && listed ? [] : files.filter((file) => !isListed(file));
  const attached = [
    ...(listed === undefined ? (existing ?? []).map((kept) => ({ kept })) : []),
    ...fromList,
    ...unlisted.map((file) => ({ file, name: file.name, description: undefined })),
  ];
  if (attached.length > MAX_FILES) {
    const message = `Must be ${MAX_FILES} or fewer in length.`;
    throw invalidFormBody([{ path: ['attachments'], code: 'BASE_TYPE_MAX_LENGTH', message }]);
  }
  if (files.some(({ bytes }) => bytes.byteLength > place.fileLimit)) throw tooLarge();
  return attached;
}

function storeAll(cdn: Cdn, attached: readonly Attached[], place: Place): Promise<APIAttachment[]> {
  return Promise.all(
    attached.map(async (entry) => {
      if ('kept' in entry) return entry.kept;
      const stored = await cdn.store({ ...entry.file, name: entry.name }, place);
      return { ...stored, ...(entry.description && { description: entry.description }) };
    }),
  );
}

function refuseEmpty(said: {
  content: string;
  embeds: unknown[];
  components: unknown[];
  attachments: number;
}): void {
  const isEmpty =
    said.content.trim() === '' &&
    said.embeds.length === 0 &&
    said.components.length === 0 &&
    said.attachments === 0;
  if (isEmpty) throw emptyMessage();
}
