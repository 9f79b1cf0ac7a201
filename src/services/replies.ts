import { type APIEmbed, type Client, InteractionWebhook, type MessageEditOptions } from 'discord.js';
import { isGone } from './discord-errors.ts';
import type { Generation } from './ledger/rows.ts';
import type { Logger } from './log.ts';

/** What a reply shows, as the views make it. */
export interface ReplyView {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
}

export interface ReplyFile {
  readonly attachment: Buffer;
  readonly name: string;
  readonly description: string;
}

/** Where a message came to stand. */
export interface Placed {
  readonly messageId: string;
}

/** Every way to reach a generation's reply, from its row alone: it works the same after a restart. */
export interface Replies {
  /** Edits the reply where it is. Null where it is known to be out of reach; throws on a passing failure. */
  edit(generation: Generation, view: ReplyView, log: Logger): Promise<Placed | null>;
  /** Shows the last word: edits the reply, or else writes to the channel, or else to the person. Null where all are closed. */
  deliver(
    generation: Generation,
    view: ReplyView,
    files: readonly ReplyFile[],
    log: Logger,
  ): Promise<Placed | null>;
}

/** Interaction tokens die after 15 minutes; from minute 14 on the message is edited as the bot. */
export const TOKEN_TRUSTED_MS = 14 * 60_000;

type Message = ReplyView & { readonly files?: readonly ReplyFile[] };
type Rung = { name: string; open: boolean; use: () => Promise<Placed> };

export function createReplies({ client, now = Date.now }: { client: Client; now?: () => number }): Replies {
  function edits(generation: Generation, message: Message): Rung[] {
    const { applicationId, token, createdAt, messageId, channelId } = generation;
    return [
      {
        name: 'edit by interaction token',
        open: token !== null && now() - createdAt < TOKEN_TRUSTED_MS,
        use: async () => {
          // A webhook works before the client is ready, too: interactions can come that early.
          const webhook = new InteractionWebhook(client as Client<true>, applicationId, token ?? '');
          return placed(await webhook.editMessage('@original', forEditing(message)));
        },
      },
      {
        name: 'edit as the bot',
        open: messageId !== null && !generation.private,
        use: async () => {
          const channel = await textChannel(channelId);
          return placed(await channel.messages.edit(messageId ?? '', forEditing(message)));
        },
      },
    ];
  }

  function sends(generation: Generation, message: Message): Rung[] {
    const { userId, channelId } = generation;
    const mention = {
      content: `<@${userId}> ${message.content}`.trim(),
      allowedMentions: { users: [userId] },
    };
    // The same nonce makes Discord answer a repeated request with the message that it already made.
    const once = { nonce: nonceOf(generation), enforceNonce: true };
    return [
      {
        name: 'new message in the channel',
        open: !generation.private,
        use: async () =>
          placed(await (await textChannel(channelId)).send({ ...mutable(message), ...mention, ...once })),
      },
      {
        name: 'direct message',
        open: true,
        use: async () => placed(await client.users.send(userId, { ...mutable(message), ...once })),
      },
    ];
  }

  async function textChannel(channelId: string) {
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isSendable()) throw new ChannelClosed(`channel ${channelId} takes no messages`);
    return channel;
  }

  return {
    edit: (generation, view, log) => firstThatWorks(edits(generation, view), log),
    deliver(generation, view, files, log) {
      const message = { ...view, files };
      return firstThatWorks([...edits(generation, message), ...sends(generation, message)], log);
    },
  };
}

/** Uses the first open rung; goes one further only where Discord says that this one is closed for good. */
async function firstThatWorks(rungs: readonly Rung[], log: Logger): Promise<Placed | null> {
  for (const { name, use } of rungs.filter((rung) => rung.open)) {
    try {
      return await use();
    } catch (error) {
      if (!isGone(error) && !(error instanceof ChannelClosed)) throw error;
      log.info({ err: error, rung: name }, 'the reply is out of reach this way');
    }
  }
  return null;
}

class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}

/** `attachments: []` lets go of files from an earlier delivery; discord.js adds the new ones to the list. */
function forEditing(message: Message): MessageEditOptions {
  return message.files ? { ...mutable(message), attachments: [] } : mutable(message);
}

function mutable({ content, embeds, files }: Message) {
  return { content, embeds: [...embeds], ...(files && { files: [...files] }) };
}

function placed(message: { id: string }): Placed {
  return { messageId: message.id };
}

/** At most 25 characters: the random end of the generation's id. */
function nonceOf(generation: Generation): string {
  return generation.id.replaceAll('-', '').slice(-25);
}
