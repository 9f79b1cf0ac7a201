import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';

/** The content of a reply, as the views build it. */
export interface ReplyView {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
}

export interface ReplyFile {
  readonly attachment: Buffer;
  readonly name: string;
  readonly description: string;
}

/** An image of a reply: its file if the bytes are at hand, and its id if the message already has it. */
export interface ReplyImage {
  readonly file: ReplyFile | null;
  readonly attachmentId: string | null;
}

/** A view with its images. An empty list keeps the images that the message has. */
export interface ReplyMessage extends ReplyView {
  readonly images: readonly ReplyImage[];
}

/** The files to upload: for an edit only the new ones, for a new message all of them. */
export function filesOf({ images }: ReplyMessage, to: 'edit' | 'send'): ReplyFile[] {
  return images.flatMap(({ file, attachmentId }) =>
    file && (to === 'send' || attachmentId === null) ? [file] : [],
  );
}

/**
 * The `attachments` field of an edit: all kept and all new ones, in the order in which they are shown. Discord removes
 * those that aren't listed (docs: resources/message, edit message).
 */
export function attachmentList(images: readonly ReplyImage[]): { id: string; description?: string }[] {
  let uploads = 0;
  return images.flatMap(({ file, attachmentId }) => {
    if (attachmentId !== null) return { id: attachmentId };
    if (!file) return [];
    const { description } = file;
    return { id: String(uploads++), description };
  });
}

/**
 * The attachment id of each image, from the ids of all attachments of the shown message. Kept ones are known; the
 * others are the uploads in their order. Null for every upload if their number differs from the number sent.
 */
export function shownIds(
  images: readonly ReplyImage[],
  attachmentIds: readonly string[],
  to: 'edit' | 'send',
): (string | null)[] {
  const keptId = ({ attachmentId }: ReplyImage) => (to === 'edit' ? attachmentId : null);
  const kept = new Set(images.map(keptId));
  const fresh = attachmentIds.filter((id) => !kept.has(id));
  const sent = images.filter((image) => image.file !== null && keptId(image) === null).length;
  const ids = fresh.length === sent ? fresh.values() : [].values();
  return images.map((image) => keptId(image) ?? (image.file ? (ids.next().value ?? null) : null));
}
