import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  IncomingWebhookInteractionRequestSchema,
  IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema,
} from 'discord-api-spec/zod';
import {
  type APIApplicationCommandAutocompleteResponse,
  InteractionType,
  MessageFlags,
  MessageType,
  InteractionResponseType as Response,
} from 'discord-api-types/v10';
import { alreadyAcknowledged, invalidFormBody } from '../errors.ts';
import { appPermissions } from '../interactions/authorization.ts';
import { metadataOf, namedInteractionOf } from '../interactions/metadata.ts';
import type { FirstResponse, InteractionRecord } from '../interactions/registry.ts';
import { checkMessage } from '../validate/messages.ts';
import { checkModal } from '../validate/modals.ts';
import { schemaErrors } from '../validate/schema.ts';
import { createMessage, editMessage, present } from '../world/messages.ts';
import { composeEdit, composeMessage } from './compose.ts';
import { type Call, noContent, ok, type Route, type RouteContext } from './route.ts';

/** The first response to an interaction (docs: interactions/receiving-and-responding). */
export function callbackRoutes(context: RouteContext): Route[] {
  return [
    {
      method: 'POST',
      template: '/interactions/{interaction_id}/{interaction_token}/callback',
      auth: 'token',
      async handle(call) {
        const record = context.interactions.toAcknowledge(
          call.param('interaction_id'),
          call.param('interaction_token'),
        );
        if (record.acknowledged) throw alreadyAcknowledged();
        const apply = prepare(context, record, call);
        // No await may come between the check above and this line, so that two answers can't both be first.
        record.acknowledged = true;
        const response = { interactionId: record.id, ...(await apply()) };
        record.firstResponse.resolve(response);
        return call.query.get('with_response') === 'true'
          ? ok(described(context, record, response))
          : noContent();
      },
    },
  ];
}

type Outcome = Omit<FirstResponse, 'interactionId'>;

/** Checks the response; the returned function carries it out. */
function prepare(context: RouteContext, record: InteractionRecord, call: Call): () => Promise<Outcome> {
  const { type, data } = (call.body ?? {}) as { type?: number; data?: unknown };
  const allowed = allowedTypes(record);
  if (type === undefined || !allowed.includes(type)) {
    const message = `Value must be one of {${allowed.join(', ')}}.`;
    const code = type === undefined ? 'BASE_TYPE_REQUIRED' : 'BASE_TYPE_CHOICES';
    throw invalidFormBody([{ path: ['type'], code, message }]);
  }
  switch (type) {
    case Response.ChannelMessageWithSource:
      return prepareReply(context, record, call, data);
    case Response.DeferredChannelMessageWithSource:
      return prepareDefer(context, record, data);
    case Response.UpdateMessage:
      return prepareUpdate(context, record, call, data);
    case Response.Modal: {
      const modal = checkModal(data);
      return async () => ({ type, modal });
    }
    case Response.ApplicationCommandAutocompleteResult:
      return prepareChoices(call.body);
    default:
      return async () => {
        if (record.source) context.interactions.adopt(record, record.source);
        return { type: Response.DeferredMessageUpdate, message: record.source };
      };
  }
}

function allowedTypes(record: InteractionRecord): number[] {
  const reply = [Response.ChannelMessageWithSource, Response.DeferredChannelMessageWithSource];
  const update = record.source ? [Response.DeferredMessageUpdate, Response.UpdateMessage] : [];
  switch (record.type) {
    case InteractionType.ApplicationCommandAutocomplete:
      return [Response.ApplicationCommandAutocompleteResult];
    case InteractionType.ModalSubmit:
      return [...reply, ...update];
    default:
      return [...reply, ...update, Response.Modal];
  }
}

function prepareChoices(body: unknown) {
  const errors = schemaErrors(ApplicationCommandAutocompleteCallbackRequestSchema, body);
  if (errors.length > 0) throw invalidFormBody(errors);
  const { type, data } = body as APIApplicationCommandAutocompleteResponse;
  return async (): Promise<Outcome> => ({ type, choices: data.choices ?? [] });
}

function prepareReply(context: RouteContext, record: InteractionRecord, call: Call, data: unknown) {
  const { world, cdn } = context;
  const body = checkMessage(IncomingWebhookInteractionRequestSchema, data ?? {}, ['data']);
  const ephemeral = record.mustBeEphemeral || ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const place = { channelId: record.channel.id, ephemeral, fileLimit: record.fileLimit };
  const content = composeMessage(cdn, body, call.files, place);
  return async (): Promise<Outcome> => {
    const message = createMessage(world, originOf(context, record, ephemeral), await content());
    return { type: Response.ChannelMessageWithSource, message: context.interactions.adopt(record, message) };
  };
}

function prepareDefer(context: RouteContext, record: InteractionRecord, data: unknown) {
  const type = Response.DeferredChannelMessageWithSource;
  checkMessage(CreateMessageInteractionCallbackRequestSchema, { type, data: data ?? null });
  const { flags = 0 } = (data ?? {}) as { flags?: number };
  const ephemeral = record.mustBeEphemeral || (flags & MessageFlags.Ephemeral) !== 0;
  return async (): Promise<Outcome> => {
    const message = createMessage(context.world, originOf(context, record, ephemeral), {
      content: '',
      embeds: [],
      components: [],
      attachments: [],
      flags: MessageFlags.Loading | (ephemeral ? MessageFlags.Ephemeral : 0),
      allowedMentions: { parse: [] },
    });
    return { type, message: context.interactions.adopt(record, message) };
  };
}

function prepareUpdate(context: RouteContext, record: InteractionRecord, call: Call, data: unknown) {
  const { world, cdn } = context;
  const schema = IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema;
  const body = checkMessage(schema, data ?? {}, ['data']);
  const source = world.messages.get(record.source?.id ?? '') ?? record.source;
  if (!source) throw new Error('only a component or a modal of a message can update it');
  const ephemeral = source.visibleTo !== null;
  const place = { channelId: record.channel.id, ephemeral, fileLimit: record.fileLimit };
  const content = composeEdit(cdn, source, body, call.files, place);
  return async (): Promise<Outcome> => {
    const message = editMessage(world, source, await content(), appPermissions(world, record));
    return { type: Response.UpdateMessage, message: context.interactions.adopt(record, message) };
  };
}

function originOf({ world }: RouteContext, record: InteractionRecord, ephemeral: boolean) {
  return {
    channel: record.channel,
    author: world.bot,
    type: record.type === InteractionType.ApplicationCommand ? commandReplyType(record) : MessageType.Default,
    visibleTo: ephemeral ? record.user.id : null,
    interactionMetadata: metadataOf(record),
    namedInteraction: namedInteractionOf(record),
    webhookId: world.bot.id,
    permissions: appPermissions(world, record),
  };
}

function commandReplyType({ payload }: InteractionRecord): MessageType {
  const isMenu = payload.type === InteractionType.ApplicationCommand && payload.data.type !== 1;
  return isMenu ? MessageType.ContextMenuCommand : MessageType.ChatInputCommand;
}

/** docs: interactions/receiving-and-responding, interaction callback response object. */
function described({ cdn }: RouteContext, record: InteractionRecord, response: Outcome) {
  const { message } = response;
  const flags = message?.flags ?? 0;
  return {
    interaction: {
      id: record.id,
      type: record.type,
      channel_id: record.channel.id,
      ...(record.payload.guild_id !== undefined && { guild_id: record.payload.guild_id }),
      ...(message && {
        response_message_id: message.id,
        response_message_loading: (flags & MessageFlags.Loading) !== 0,
        response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
      }),
    },
    ...(message && { resource: { type: response.type, message: present(message, cdn.sign) } }),
  };
}
