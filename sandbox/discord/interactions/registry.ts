import { randomBytes } from 'node:crypto';
import type {
  APIAuthorizingIntegrationOwnersMap,
  APIInteraction,
  APIInteractionResponse,
  APIModalInteractionResponseCallbackData,
  APIUser,
  InteractionResponseType,
  InteractionType,
} from 'discord-api-types/v10';
import { invalidWebhookToken, unknownInteraction, unknownWebhook } from '../errors.ts';
import type { Channel, Message, World } from '../world/world.ts';

/** docs: interactions/receiving-and-responding */
export const FIRST_RESPONSE_MS = 3_000;
const TOKEN_LIFETIME_MS = 15 * 60 * 1000;

/** The bot's first answer: the callback's type and its content. */
export interface FirstResponse {
  interactionId: string;
  type: InteractionResponseType;
  message?: Message | undefined;
  modal?: APIModalInteractionResponseCallbackData;
  choices?: Extract<
    APIInteractionResponse,
    { type: InteractionResponseType.ApplicationCommandAutocompleteResult }
  >['data']['choices'];
}

/** An interaction as Discord's servers know it. */
export interface InteractionRecord {
  id: string;
  token: string;
  type: InteractionType;
  createdAt: number;
  user: APIUser;
  channel: Channel;
  payload: APIInteraction;
  /** Resolves once the bot was sent the interaction, whose uploads take a moment. */
  delivered: Promise<void>;
  /** The message whose component was used, or that the modal came from. */
  source: Message | undefined;
  /** The interaction whose modal this one submits. */
  trigger: InteractionRecord | undefined;
  fileLimit: number;
  /** Who installed the bot: a guild, a person, or both. */
  owners: APIAuthorizingIntegrationOwnersMap;
  /** Whether only the person installed the bot, which limits answers to five follow-ups (40094). */
  userInstalled: boolean;
  /** Whether answers must be ephemeral, because the person lacks USE_EXTERNAL_APPS here. */
  mustBeEphemeral: boolean;
  acknowledged: boolean;
  firstResponse: PromiseWithResolvers<FirstResponse>;
  /** The id of `@original`, once there is an answer. */
  originalId: string | undefined;
  /** Each version of it. */
  history: { at: number; message: Message }[];
  /** The messages that the token may change. */
  messageIds: Set<string>;
  followUps: number;
  revoked: boolean;
}

export interface InteractionRegistry {
  add(record: InteractionRecord): void;
  /** For the callback route. @throws {DiscordError} 10062 when it is unknown or its 3 s are over. */
  toAcknowledge(id: string, token: string): InteractionRecord;
  /**
   * For the webhook routes. @throws {DiscordError} 50027 when the token is wrong or expired, 10015 before an answer.
   */
  byToken(applicationId: string, token: string): InteractionRecord;
  find(id: string): InteractionRecord | undefined;
  /** Makes a message the interaction's `@original`. */
  adopt(record: InteractionRecord, message: Message): Message;
}

export function createInteractionRegistry(world: World): InteractionRegistry {
  const records = new Map<string, InteractionRecord>();
  const byToken = new Map<string, InteractionRecord>();
  const byOriginal = new Map<string, InteractionRecord[]>();
  const ageOf = (record: InteractionRecord) => world.clock.now() - record.createdAt;

  world.events.on('message', (message) => {
    for (const { history } of byOriginal.get(message.id) ?? [])
      history.push({ at: world.clock.now(), message });
  });

  return {
    add(record) {
      records.set(record.id, record);
      byToken.set(record.token, record);
    },
    adopt(record, message) {
      record.originalId = message.id;
      record.messageIds.add(message.id);
      record.history.push({ at: world.clock.now(), message });
      byOriginal.set(message.id, [...(byOriginal.get(message.id) ?? []), record]);
      return message;
    },
    find: (id) => records.get(id),
    toAcknowledge(id, token) {
      const record = records.get(id);
      if (!record || record.token !== token) throw unknownInteraction();
      if (!record.acknowledged && ageOf(record) > FIRST_RESPONSE_MS) throw unknownInteraction();
      return record;
    },
    byToken(applicationId, token) {
      if (applicationId !== world.bot.id) throw unknownWebhook();
      const record = byToken.get(token);
      if (!record || record.revoked || ageOf(record) > TOKEN_LIFETIME_MS) throw invalidWebhookToken();
      if (!record.acknowledged) throw unknownWebhook();
      return record;
    },
  };
}

/** A token shaped like Discord's. */
export function createToken(interactionId: string): string {
  return Buffer.from(`interaction:${interactionId}:${randomBytes(64).toString('base64url')}`).toString(
    'base64url',
  );
}
