import { MessageCreateRequestSchema, MessageEditRequestPartialSchema } from 'discord-api-spec/zod';
import {
  ChannelType,
  MessageReferenceType,
  MessageType,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import {
  cannotDirectMessage,
  invalidFormBody,
  missingPermissions,
  nonTextChannel,
  notTheAuthor,
  unknownChannel,
  unknownMessage,
} from '../errors.ts';
import { checkMessage, type MessageBody } from '../validate/messages.ts';
import { guildIdOf } from '../world/membership.ts';
import { presentToBot } from '../world/message-content.ts';
import { createMessage, deleteMessage, editMessage, present } from '../world/messages.ts';
import { permissionsIn, requireBotPermissions, sendPermission } from '../world/permissions.ts';
import type { Channel, Message, World } from '../world/world.ts';
import { composeEdit, composeMessage, DEFAULT_FILE_LIMIT_BYTES } from './compose.ts';
import { createNonces, createOldEditLimit, type Nonces } from './message-limits.ts';
import { type Call, noContent, ok, type Reply, type Route, type RouteContext } from './route.ts';

const MESSAGES = '/channels/{channel_id}/messages';
const MESSAGE = `${MESSAGES}/{message_id}`;

/** Routes that read and write a channel's messages with the bot's own token. */
export function messageRoutes(context: RouteContext): Route[] {
  const { world, cdn } = context;
  const oldEdits = createOldEditLimit(world);
  const nonces = createNonces(world);

  return [
    {
      method: 'GET',
      template: MESSAGES,
      auth: 'bot',
      handle: (call) => ok(list(context, channelOf(world, call), call.query)),
    },
    {
      method: 'POST',
      template: MESSAGES,
      auth: 'bot',
      handle: (call) => create(context, nonces, channelOf(world, call), call),
    },
    {
      method: 'GET',
      template: MESSAGE,
      auth: 'bot',
      handle(call) {
        const channel = channelOf(world, call);
        requireBotPermissions(world, channel, Permission.ReadMessageHistory);
        return ok(presentToBot(world, messageOf(world, channel, call), cdn.sign));
      },
    },
    {
      method: 'PATCH',
      template: MESSAGE,
      auth: 'bot',
      async handle(call) {
        const channel = channelOf(world, call);
        requireBotPermissions(world, channel);
        const message = messageOf(world, channel, call);
        if (message.author.id !== world.bot.id) throw notTheAuthor();
        const body = checkMessage(MessageEditRequestPartialSchema, call.body ?? {});
        const content = composeEdit(cdn, message, body, call.files, placeIn(channel));
        oldEdits.count(message);
        return ok(present(editMessage(world, message, await content()), cdn.sign));
      },
    },
    {
      method: 'DELETE',
      template: MESSAGE,
      auth: 'bot',
      handle(call) {
        const channel = channelOf(world, call);
        requireBotPermissions(world, channel);
        const message = messageOf(world, channel, call);
        const mayModerate = permissionsIn(world, world.bot.id, channel) & Permission.ManageMessages;
        if (message.author.id !== world.bot.id && !mayModerate) throw missingPermissions();
        deleteMessage(world, message);
        return noContent();
      },
    },
  ];
}

function channelOf(world: World, call: Call): Channel {
  const channel = world.channels.get(call.param('channel_id'));
  if (!channel) throw unknownChannel();
  return channel;
}

/** The bot's own token can't see ephemeral messages. */
function messageOf(world: World, channel: Channel, call: Call): Message {
  const message = world.messages.get(call.param('message_id'));
  if (!message || message.channel_id !== channel.id || message.visibleTo !== null) throw unknownMessage();
  return message;
}

function placeIn(channel: Channel) {
  return { channelId: channel.id, ephemeral: false, fileLimit: DEFAULT_FILE_LIMIT_BYTES };
}

/** docs: resources/channel, get channel messages – the list is empty without READ_MESSAGE_HISTORY. */
function list({ world, cdn }: RouteContext, channel: Channel, query: URLSearchParams) {
  requireBotPermissions(world, channel);
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    const message = 'int value should be between 1 and 100.';
    throw invalidFormBody([
      { path: ['limit'], code: limit > 100 ? 'NUMBER_TYPE_MAX' : 'NUMBER_TYPE_MIN', message },
    ]);
  }
  if (!(permissionsIn(world, world.bot.id, channel) & Permission.ReadMessageHistory)) return [];
  const [before, after] = [query.get('before'), query.get('after')];
  const found = [...world.messages.values()]
    .filter((message) => message.channel_id === channel.id && message.visibleTo === null)
    .filter(
      ({ id }) =>
        (before === null || BigInt(id) < BigInt(before)) && (after === null || BigInt(id) > BigInt(after)),
    );
  const page = after === null ? found.slice(-limit) : found.slice(0, limit);
  return page.toReversed().map((message) => presentToBot(world, message, cdn.sign));
}

async function create(context: RouteContext, nonces: Nonces, channel: Channel, call: Call): Promise<Reply> {
  const { world, cdn } = context;
  requireBotPermissions(world, channel, sendPermission(channel));
  if (channel.type === ChannelType.GuildForum) throw nonTextChannel();
  const recipient = 'recipients' in channel ? channel.recipients?.[0] : undefined;
  if (recipient && world.closedDms.has(recipient.id)) throw cannotDirectMessage();
  const body = checkMessage(MessageCreateRequestSchema, call.body ?? {});
  if ((body.embeds ?? []).length > 0) requireBotPermissions(world, channel, Permission.EmbedLinks);
  if (call.files.length > 0) requireBotPermissions(world, channel, Permission.AttachFiles);

  const reference = referenceOf(world, channel, body);
  const content = composeMessage(cdn, body, call.files, placeIn(channel));
  const origin = {
    channel,
    author: world.bot,
    type: reference ? MessageType.Reply : MessageType.Default,
    nonce: body.nonce ?? undefined,
    reference,
  };
  const send = async () => createMessage(world, origin, await content());
  const isEnforced = body.enforce_nonce === true && body.nonce != null;
  const message = isEnforced ? nonces.once(`${channel.id}:${body.nonce}`, send) : send();
  return ok(present(await message, cdn.sign));
}

function referenceOf(world: World, channel: Channel, { message_reference: reference }: MessageBody) {
  if (!reference?.message_id) return undefined;
  const target = world.messages.get(reference.message_id);
  if (target?.channel_id === channel.id && target.visibleTo === null) {
    const guildId = guildIdOf(channel);
    return {
      type: MessageReferenceType.Default,
      message_id: target.id,
      channel_id: channel.id,
      ...(guildId !== undefined && { guild_id: guildId }),
    };
  }
  if (reference.fail_if_not_exists === false) return undefined;
  const message = 'Unknown message';
  throw invalidFormBody([{ path: ['message_reference'], code: 'REPLIES_UNKNOWN_MESSAGE', message }]);
}
