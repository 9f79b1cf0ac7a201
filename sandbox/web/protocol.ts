import type {
  APIApplicationCommand,
  APIMessage,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { z } from 'zod';

/** The person who acts, the channel, and the app's installation. */
const place = {
  userId: z.string(),
  channelId: z.string(),
  locale: z.string(),
  userInstalled: z.boolean(),
};

/** A file in the same form, by the name of its field. */
const sentFile = z.strictObject({ file: z.string() });

export const placeSchema = z.strictObject({
  ...place,
  userInstalled: z.stringbool(),
});

/** The acts of a person on the page. */
export const actSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    ...place,
    name: z.string(),
    subcommand: z.string().optional(),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), sentFile])),
  }),
  z.strictObject({
    kind: z.literal('autocomplete'),
    ...place,
    name: z.string(),
    option: z.string(),
    value: z.string(),
  }),
  z.strictObject({ kind: z.literal('say'), ...place, content: z.string(), files: z.array(sentFile) }),
  z.strictObject({ kind: z.literal('click'), ...place, messageId: z.string(), customId: z.string() }),
  z.strictObject({
    kind: z.literal('select'),
    ...place,
    messageId: z.string(),
    customId: z.string(),
    values: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('menu'), ...place, messageId: z.string(), name: z.string() }),
  z.strictObject({
    kind: z.literal('submit'),
    ...place,
    /** The interaction that the modal answered. */
    interactionId: z.string(),
    fields: z.record(
      z.string(),
      z.union([z.string(), z.boolean(), z.array(z.union([z.string(), sentFile]))]),
    ),
  }),
]);

/** The switches of the side panel, which make things go wrong or right again. */
export const switchSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('jimmyai'), misbehaviour: z.string() }),
  z.strictObject({ kind: z.literal('discord'), fault: z.enum(['slow', 'fail', 'drop']) }),
  z.strictObject({ kind: z.literal('expire-tokens') }),
  z.strictObject({ kind: z.literal('drop-gateway') }),
  z.strictObject({ kind: z.literal('bot'), order: z.enum(['start', 'restart', 'kill']) }),
]);

export type Act = z.output<typeof actSchema>;
export type Switch = z.output<typeof switchSchema>;
export type Place = Pick<Act, 'userId' | 'channelId' | 'locale' | 'userInstalled'>;

/** The outcome of an act for the person who did it. */
export interface ActAnswer {
  /** Why Discord's client wouldn't allow the act. */
  refused?: string;
  /** The text that Discord's client shows when no answer came. */
  failed?: string;
  modal?: ShownModal;
  choices?: readonly { name: string; value: string | number }[];
}

export interface ShownModal {
  interactionId: string;
  form: APIModalInteractionResponseCallbackData;
}

/** A piece of a text's markdown, as discord-markdown-parser reads it. */
export interface TextNode {
  type: string;
  content?: string | TextNode[];
  [field: string]: unknown;
}

export interface ShownEmbed {
  title: TextNode[];
  description: TextNode[];
  fields: { name: TextNode[]; value: TextNode[] }[];
}

/** The parsed texts of a message. */
export interface ShownTexts {
  content: TextNode[];
  embeds: ShownEmbed[];
  /** Its text displays, by the numbers of these components. */
  displays: Record<number, TextNode[]>;
}

/** A message as the page draws it. */
export interface ShownMessage extends ShownTexts {
  message: APIMessage;
  /** The only person who sees it; null when everybody does. */
  visibleTo: string | null;
  /** The texts of the messages that it forwards. */
  forwarded: ShownTexts[];
}

/** A request of the bot, without secrets and with long strings cut. */
export interface ShownRequest {
  to: 'Discord' | 'JimmyAI';
  at: number;
  tookMs: number;
  method: string;
  path: string;
  /** Null when the connection was cut instead. */
  status: number | null;
  code: string | number | null;
  /** Indented JSON; empty without a body. */
  body: string;
}

/** The true state of a task at the service. */
export interface ShownTask {
  id: string;
  model: string;
  prompt: string;
  status: string;
  progress: number;
  misbehaviour: string | null;
  queries: number;
  downloads: number;
}

export interface ShownPerson {
  id: string;
  name: string;
  /** The channel of the direct messages with the bot. */
  dmId: string;
}

export interface ShownChannel {
  id: string;
  name: string;
  /** The heading above it. */
  group: string;
  kind: 'text' | 'thread' | 'voice' | 'dm' | 'group';
  /** Discord's number for its type. */
  type: number;
}

export type BotState = 'offline' | 'connecting' | 'online';

/** The whole state, for a page that was just opened or has reconnected. */
export interface Snapshot {
  now: number;
  bot: { id: string; name: string };
  botState: BotState;
  people: ShownPerson[];
  channels: ShownChannel[];
  roles: { id: string; name: string }[];
  misbehaviours: readonly string[];
  messages: ShownMessage[];
  requests: ShownRequest[];
  tasks: ShownTask[];
}

export type PageEvent =
  | { kind: 'snapshot'; snapshot: Snapshot }
  | { kind: 'message'; message: ShownMessage }
  | { kind: 'messageDelete'; id: string }
  | { kind: 'request'; request: ShownRequest }
  | { kind: 'tasks'; tasks: ShownTask[] }
  | { kind: 'bot'; botState: BotState }
  | { kind: 'commands' };

export type OfferedCommands = readonly APIApplicationCommand[];
