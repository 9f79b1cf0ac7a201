import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APIMessage,
  type Client,
  InteractionWebhook,
  type MessageEditOptions,
  MessagePayload,
  Routes,
} from 'discord.js';
import { isGone, isTokenDead } from './discord-errors.ts';
import { TOKEN_LIFE_MS } from './discord-limits.ts';
import type { Generation } from './ledger/rows.ts';
import type { Logger } from './log.ts';

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

/** Where a message stands. */
export interface Placed {
  readonly id: string;
  readonly channelId: string;
}

/** Every way to reach a generation's reply, from its row alone: it works the same after a restart. */
export interface Replies {
  /** Edits the reply where it is. Null where it is known to be out of reach; throws on any other failure. */
  edit(generation: Generation, view: ReplyView, log: Logger, signal?: AbortSignal): Promise<Placed | null>;
  /** Shows the last word: edits the reply, or else writes to the channel, or else to the person. Null where all are closed. */
  deliver(
    generation: Generation,
    view: ReplyView,
    files: readonly ReplyFile[],
    log: Logger,
  ): Promise<Placed | null>;
}

/** A little before the token dies, a message is rather reached as the bot. */
const TOKEN_TRUSTED_MS = 14 * 60_000;

type Message = ReplyView & { readonly files?: readonly ReplyFile[] };

/** One way to a person's eyes, where the row says that it may work. */
interface Rung {
  readonly name: string;
  readonly use: () => Promise<Placed>;
  /** What closes this rung besides what closes any. */
  readonly isClosedBy?: (error: unknown) => boolean;
}

export function createReplies({ client, now = Date.now }: { client: Client; now?: () => number }): Replies {
  // A refused token is not tried again: 10,000 refusals in 10 minutes ban the bot's address (docs: rate-limits).
  const deadTokens = createDeadTokens(now);

  function edits(generation: Generation, message: Message, signal?: AbortSignal): Rung[] {
    const { applicationId, token, tokenAt, message: known } = generation;
    const asTheBot = generation.private ? null : known;
    const trusted = asTheBot ? TOKEN_TRUSTED_MS : TOKEN_LIFE_MS;
    const options = signal ? { signal } : {};
    const rungs: Rung[] = [];
    if (token !== null && now() - tokenAt < trusted && !deadTokens.has(token)) {
      rungs.push({
        name: 'edit by interaction token',
        use: () => {
          // A webhook works before the client is ready, too: interactions can come that early.
          const webhook = new InteractionWebhook(client as Client<true>, applicationId, token);
          const route = Routes.webhookMessage(applicationId, token, '@original');
          return patch(route, webhook, message, { ...options, auth: false });
        },
        isClosedBy(error) {
          if (!isTokenDead(error)) return false;
          deadTokens.add(token);
          return true;
        },
      });
    }
    if (asTheBot) {
      const route = Routes.channelMessage(asTheBot.channelId, asTheBot.id);
      rungs.push({
        name: 'edit as the bot',
        use: async () => patch(route, await textChannel(asTheBot.channelId), message, options),
      });
    }
    return rungs;
  }

  function sends(generation: Generation, message: Message): Rung[] {
    const { userId, channelId } = generation;
    // The same nonce makes Discord answer a repeated request with the message that it already made.
    const once = { ...mutable(message), nonce: nonceOf(generation), enforceNonce: true };
    const rungs: Rung[] = [];
    if (!generation.private && channelId !== null) {
      const content = `<@${userId}> ${message.content}`.trim();
      const mention = { content, allowedMentions: { users: [userId] } };
      rungs.push({
        name: 'new message in the channel',
        use: async () => placed(await (await textChannel(channelId)).send({ ...once, ...mention })),
      });
    }
    rungs.push({
      name: 'direct message',
      use: async () => placed(await client.users.send(userId, once)),
    });
    return rungs;
  }

  /** Like discord.js's own edits, but with a signal: a hanging one must not stand before what comes next. */
  async function patch(
    route: `/${string}`,
    target: ConstructorParameters<typeof MessagePayload>[0],
    message: Message,
    options: { auth?: boolean; signal?: AbortSignal },
  ): Promise<Placed> {
    const { body, files } = await MessagePayload.create(target, forEditing(message))
      .resolveBody()
      .resolveFiles();
    const edited = (await client.rest.patch(route, { body, files: files ?? [], ...options })) as APIMessage;
    return { id: edited.id, channelId: edited.channel_id };
  }

  async function textChannel(channelId: string) {
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isSendable()) throw new ChannelClosed(`channel ${channelId} takes no messages`);
    return channel;
  }

  return {
    edit: (generation, view, log, signal) => firstThatWorks(edits(generation, view, signal), log),
    deliver(generation, view, files, log) {
      const message = { ...view, files };
      return firstThatWorks([...edits(generation, message), ...sends(generation, message)], log);
    },
  };
}

/** Uses the first rung; goes one further only where Discord says that this one is closed for good. */
async function firstThatWorks(rungs: readonly Rung[], log: Logger): Promise<Placed | null> {
  for (const { name, use, isClosedBy } of rungs) {
    try {
      return await use();
    } catch (error) {
      if (!isClosedBy?.(error) && !isGone(error) && !(error instanceof ChannelClosed)) throw error;
      log.info({ err: error, rung: name }, 'the reply is out of reach this way');
    }
  }
  return null;
}

class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}

/** Where files come along, `attachments: []` lets go of those of an earlier try; discord.js adds the new ones to the list. */
function forEditing(message: Message): MessageEditOptions {
  return message.files?.length ? { ...mutable(message), attachments: [] } : mutable(message);
}

function mutable({ content, embeds, components, files }: Message) {
  return {
    content,
    embeds: [...embeds],
    components: [...components],
    ...(files?.length && { files: [...files] }),
  };
}

function placed({ id, channelId }: { id: string; channelId: string }): Placed {
  return { id, channelId };
}

/**
 * At most 25 characters: the same for each try, also after a restart, but another one once the generation is taken up
 * again, whose outcome may be a different message.
 */
function nonceOf({ id, tokenAt }: Generation): string {
  return `${id.slice(-12)}${tokenAt.toString(36)}`;
}

/** Remembers tokens for as long as anyone could still try them. */
function createDeadTokens(now: () => number) {
  const diedAt = new Map<string, number>();
  return {
    has: (token: string) => diedAt.has(token),
    add(token: string) {
      for (const [old, at] of diedAt) if (now() - at > TOKEN_LIFE_MS) diedAt.delete(old);
      diedAt.set(token, now());
    },
  };
}
