import {
  IncomingWebhookInteractionRequestSchema,
  IncomingWebhookUpdateRequestPartialSchema,
} from 'discord-api-spec/zod';
import { MessageFlags, MessageReferenceType, MessageType } from 'discord-api-types/v10';
import { tooManyFollowUps, unknownMessage } from '../errors.ts';
import { appPermissions } from '../interactions/authorization.ts';
import { metadataOf } from '../interactions/metadata.ts';
import type { InteractionRecord } from '../interactions/registry.ts';
import { checkMessage } from '../validate/messages.ts';
import { guildIdOf } from '../world/membership.ts';
import { createMessage, deleteMessage, editMessage, present } from '../world/messages.ts';
import type { Message } from '../world/world.ts';
import { composeEdit, composeMessage } from './compose.ts';
import { type Call, noContent, ok, type Reply, type Route, type RouteContext } from './route.ts';

const WEBHOOK = '/webhooks/{webhook_id}/{webhook_token}';
const MAX_USER_INSTALLED_FOLLOW_UPS = 5;

/** Routes for an interaction's token, which can follow up, read, edit and delete its answers for 15 minutes. */
export function webhookRoutes(context: RouteContext): Route[] {
  const { interactions, world, cdn } = context;
  const recordOf = (call: Call) =>
    interactions.byToken(call.param('webhook_id'), call.param('webhook_token'));

  const original = (call: Call) => messageOf(context, recordOf(call), '@original');
  const byId = (call: Call) => messageOf(context, recordOf(call), call.param('message_id'));
  const remove = (message: Message): Reply => {
    deleteMessage(world, message);
    return noContent();
  };

  return [
    {
      method: 'POST',
      template: WEBHOOK,
      auth: 'token',
      handle: (call) => followUp(context, recordOf(call), call),
    },
    ...[
      { template: `${WEBHOOK}/messages/@original`, find: original },
      { template: `${WEBHOOK}/messages/{message_id}`, find: byId },
    ].flatMap(({ template, find }): Route[] => [
      { method: 'GET', template, auth: 'token', handle: (call) => ok(present(find(call), cdn.sign)) },
      {
        method: 'PATCH',
        template,
        auth: 'token',
        handle: (call) => edit(context, recordOf(call), find(call), call),
      },
      { method: 'DELETE', template, auth: 'token', handle: (call) => remove(find(call)) },
    ]),
  ];
}

function messageOf({ world }: RouteContext, record: InteractionRecord, id: string): Message {
  const messageId = id === '@original' ? record.originalId : id;
  const message = world.messages.get(messageId ?? '');
  if (!message || !record.messageIds.has(message.id)) throw unknownMessage();
  return message;
}

async function edit(
  { world, cdn }: RouteContext,
  record: InteractionRecord,
  message: Message,
  call: Call,
): Promise<Reply> {
  const body = checkMessage(IncomingWebhookUpdateRequestPartialSchema, call.body ?? {});
  const content = await composeEdit(
    cdn,
    message,
    body,
    call.files,
    placeOf(record, message.visibleTo !== null),
  )();
  return ok(present(editMessage(world, message, content, appPermissions(world, record)), cdn.sign));
}

async function followUp(context: RouteContext, record: InteractionRecord, call: Call): Promise<Reply> {
  const { world, cdn } = context;
  const body = checkMessage(IncomingWebhookInteractionRequestSchema, call.body ?? {});
  const reply = world.messages.get(record.originalId ?? '');
  // Deprecated, but still true: the first follow-up after a deferral fills the loading message.
  if (reply && isLoading(reply)) return edit(context, record, reply, call);
  if (record.userInstalled && record.followUps >= MAX_USER_INSTALLED_FOLLOW_UPS) throw tooManyFollowUps();

  const ephemeral = record.mustBeEphemeral || ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const content = composeMessage(cdn, body, call.files, placeOf(record, ephemeral));
  record.followUps += 1;
  const guildId = guildIdOf(record.channel);
  const message = createMessage(
    world,
    {
      channel: record.channel,
      author: world.bot,
      type: reply ? MessageType.Reply : MessageType.Default,
      visibleTo: ephemeral ? record.user.id : null,
      interactionMetadata: {
        ...metadataOf(record),
        ...(record.originalId !== undefined && { original_response_message_id: record.originalId }),
      },
      webhookId: world.bot.id,
      permissions: appPermissions(world, record),
      reference: reply && {
        type: MessageReferenceType.Default,
        message_id: reply.id,
        channel_id: record.channel.id,
        ...(guildId !== undefined && { guild_id: guildId }),
      },
    },
    await content(),
  );
  record.messageIds.add(message.id);
  return ok(present(message, cdn.sign));
}

function isLoading({ flags }: Message): boolean {
  return ((flags ?? 0) & MessageFlags.Loading) !== 0;
}

function placeOf(record: InteractionRecord, ephemeral: boolean) {
  return { channelId: record.channel.id, ephemeral, fileLimit: record.fileLimit };
}
