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
