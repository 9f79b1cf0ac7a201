import {
  type APIAttachment,
  type APIMessage,
  type Client,
  InteractionWebhook,
  MessageFlags,
  MessagePayload,
  Routes,
  type TextBasedChannel,
} from 'discord.js';
import type { Generation, MessagePlace } from '../ledger/rows.ts';
import type { Logger } from '../log.ts';
import { createDeadTokens } from './dead-tokens.ts';
import { ChannelClosed, DeliveryLadder, type Rung } from './delivery-ladder.ts';
import { isTokenDead, isWebhookMissing } from './errors.ts';
import { createLasting } from './lasting.ts';
import { TOKEN_LIFE_MS } from './limits.ts';
import { createLookUp } from './look-up.ts';
import { multipart } from './multipart.ts';
import { findOwnMessage } from './own-message.ts';
import { attachmentList, filesOf, type ReplyMessage, shownIds } from './reply-message.ts';
import { NotDiscordsAnswer } from './requests.ts';

/** The location of a message. */
export type Placed = MessagePlace;

/** A message that has just been shown. */
export interface Shown extends Placed {
  /** The ids of its images, in the order in which they were given; null when Discord's answer doesn't tell. */
  readonly attachmentIds: readonly (string | null)[];
  /** Whether it has notified the person; an edit doesn't. */
  readonly notified: boolean;
}

/** Every way to reach a generation's reply. All of them work from its row alone, so that a restart changes nothing. */
export interface Replies {
  /** Edits the reply where it is. Null when it certainly can't be reached; throws on any other failure. */
  edit(
    generation: Generation,
    message: ReplyMessage,
    log: Logger,
    signal?: AbortSignal,
  ): Promise<Shown | null>;
  /**
   * Shows the final message: edits the reply, or else writes to the channel, or else to the person. Null when all ways
   * are closed. With `pastRefusals`, a way that refuses the message counts as closed.
   */
  deliver(
    generation: Generation,
    message: ReplyMessage,
    log: Logger,
    pastRefusals?: boolean,
  ): Promise<Shown | null>;
  /** The reply's attachments with fresh URLs. Null when the bot can't see the reply; throws on a passing failure. */
  attachments(generation: Generation, signal: AbortSignal): Promise<readonly APIAttachment[] | null>;
}

/** Shortly before the token expires, the bot prefers to edit the message by its own token. */
export const TOKEN_TRUSTED_MS = 14 * 60_000;

/** Discord may not know the webhook of a valid token for some seconds; in milliseconds. */
const WEBHOOK_MISSING_FOR_MS = 30_000;
export function createReplies(options: {
  client: Client;
  now?: () => number;
  /** Milliseconds on a monotonic clock. */
  elapsed?: () => number;
  /** Whether optional look-ups may be made. */
  mayLookUp?: () => boolean;
}): Replies {
  const { client, now = Date.now, elapsed = () => performance.now(), mayLookUp = () => true } = options;
  const deadTokens = createDeadTokens(elapsed);
  const missing = createLasting(WEBHOOK_MISSING_FOR_MS, elapsed);
  const ladder = new DeliveryLadder(elapsed);

  function edits(generation: Generation, message: ReplyMessage, signal?: AbortSignal): Rung<Shown>[] {
    const { applicationId, token, tokenAt, acknowledgedAt, message: known } = generation;
    const asTheBot = generation.private ? null : known;
    const trusted = asTheBot ? TOKEN_TRUSTED_MS : TOKEN_LIFE_MS;
    const options = signal ? { signal } : {};
    const rungs: Rung<Shown>[] = [];
    if (token !== null && now() - tokenAt < trusted && !deadTokens.has(token)) {
      rungs.push({
        name: 'edit by interaction token',
        use: () => {
          // Interactions can arrive before the client is ready, and a webhook works by then.
          const webhook = new InteractionWebhook(client as Client<true>, applicationId, token);
          const route = Routes.webhookMessage(applicationId, token, '@original');
          return patch(route, webhook, message, { ...options, auth: false });
        },
        isClosedBy(error) {
          // A reply that was never acknowledged doesn't exist.
          const isMissing = isWebhookMissing(error) && (acknowledgedAt === null || missing.met(token));
          // A missing webhook may still appear, once a deferral that is under way arrives.
          if (isTokenDead(error)) deadTokens.add(token);
          return isTokenDead(error) || isMissing;
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

  function sends(generation: Generation, message: ReplyMessage): Rung<Shown>[] {
    const { userId, channelId } = generation;
    // With the same nonce, Discord answers a repeated request with the message that it has already created.
    const once = {
      ...textOf(message),
      files: filesOf(message, 'send'),
      nonce: nonceOf(generation),
      enforceNonce: true,
    };
    const rungs: Rung<Shown>[] = [];
    if (!generation.private && channelId !== null) {
      const content = `<@${userId}> ${message.content}`.trim();
      const mention = { content, allowedMentions: { users: [userId] } };
      rungs.push({
        name: 'new message in the channel',
        isElsewhere: true,
        async use() {
          const channel = await textChannel(channelId);
          return (
            (await editOwn(channel, generation, { ...message, content })) ??
            sent(await channel.send({ ...once, ...mention }), message)
          );
        },
      });
    }
    rungs.push({
      name: 'direct message',
      isElsewhere: true,
      async use() {
        const channel = await client.users.createDM(userId);
        return (await editOwn(channel, generation, message)) ?? sent(await channel.send(once), message);
      },
    });
    return rungs;
  }

  /** Edits the message that an earlier process has sent, so that there is no second one. Null when there is none. */
  async function editOwn(channel: TextBasedChannel, generation: Generation, message: ReplyMessage) {
    const own = await findOwnMessage(channel, generation);
    if (!own) return null;
    const anew = { ...message, images: message.images.map((image) => ({ ...image, attachmentId: null })) };
    return { ...(await patch(Routes.channelMessage(channel.id, own.id), channel, anew, {})), notified: true };
  }

  /** Like discord.js's own edits, but with a signal: an edit that hangs must not hold up the next one. */
  async function patch(
    route: `/${string}`,
    target: ConstructorParameters<typeof MessagePayload>[0],
    message: ReplyMessage,
    options: { auth?: boolean; signal?: AbortSignal },
  ): Promise<Shown> {
    const files = filesOf(message, 'edit');
    const payload = MessagePayload.create(target, textOf(message)).resolveBody();
    const attachments = message.images.length > 0 ? attachmentList(message.images) : undefined;
    const body = { ...payload.body, attachments };
    const sending = files.length > 0 ? { ...multipart(body, files), passThroughBody: true } : { body };
    const edited = (await client.rest.patch(route, { ...sending, ...options })) as APIMessage;
    if (typeof edited.id !== 'string') throw new NotDiscordsAnswer(200);
    // Not every implementation of Discord's API returns the whole message.
    const ids = (edited.attachments ?? []).map(({ id }) => id);
    const attachmentIds = shownIds(message.images, ids, 'edit');
    const isEphemeral = ((edited.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
    return { id: edited.id, channelId: edited.channel_id, isEphemeral, attachmentIds, notified: false };
  }

  async function textChannel(channelId: string) {
    // The channel's server is unknown until its shard has logged in, and always if another process has that shard.
    const channel = await client.channels.fetch(channelId, { allowUnknownGuild: true });
    if (!channel?.isSendable()) throw new ChannelClosed(`channel ${channelId} takes no messages`);
    return channel;
  }

  return {
    edit: (generation, message, log, signal) =>
      ladder.climb(edits(generation, message, signal), generation.id, log),
    deliver(generation, message, log, pastRefusals = false) {
      const rungs = [...edits(generation, message), ...sends(generation, message)];
      return ladder.climb(rungs, generation.id, log, pastRefusals);
    },
    attachments: createLookUp({ client, elapsed, mayAsk: mayLookUp }),
  };
}

function textOf({ content, embeds, components }: ReplyMessage) {
  return { content, embeds: [...embeds], components: [...components] };
}

function sent(
  {
    id,
    channelId,
    attachments,
  }: { id: string; channelId: string; attachments: ReadonlyMap<string, unknown> },
  { images }: ReplyMessage,
): Shown {
  if (typeof id !== 'string') throw new NotDiscordsAnswer(200);
  const attachmentIds = shownIds(images, [...attachments.keys()], 'send');
  return { id, channelId, attachmentIds, notified: true };
}

/**
 * Within the 25 characters that Discord allows. It is the same for each try, also after a restart, but changes when a
 * person has the generation checked again, since the outcome may then be a different message.
 */
export function nonceOf({ id, tokenAt }: Generation): string {
  return `${id.slice(-12)}${tokenAt.toString(36)}`;
}
