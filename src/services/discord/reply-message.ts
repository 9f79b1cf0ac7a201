import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';

/** What a reply shows, as the views make it. */
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

/** An image of a reply: its bytes, where they are at hand, and its id, where the message has it already. */
export interface ReplyImage {
  readonly file: ReplyFile | null;
  readonly attachmentId: string | null;
}

/** A view with its images; none listed means that those which the message has stay. */
export interface ReplyMessage extends ReplyView {
  readonly images: readonly ReplyImage[];
}

/** The files that have to go up for an edit, or all that there are for a new message. */
export function filesOf({ images }: ReplyMessage, to: 'edit' | 'send'): ReplyFile[] {
  return images.flatMap(({ file, attachmentId }) =>
    file && (to === 'send' || attachmentId === null) ? [file] : [],
  );
}

/**
 * What an edit says of its attachments: all kept and all new ones, in the order in which they are shown; whatever
 * isn't listed goes (docs: resources/message, edit message).
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
 * Where the images are in the message that was shown, by the ids of all its attachments: those kept are known, and the
 * others are the uploads in their order. Null for all uploads where their number isn't what was sent.
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
