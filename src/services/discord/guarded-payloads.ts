import {
  ChannelType,
  type Client,
  GatewayDispatchEvents,
  InteractionContextType,
  InteractionType,
  Locale,
  PermissionFlagsBits,
} from 'discord.js';
import type { Logger } from '../log.ts';

interface Packet {
  t?: unknown;
  d?: unknown;
}
type Fields = Record<string, unknown>;

/** Internals that discord.js's types don't have. It offers no other place to catch a payload that it can't read. */
interface Internals {
  ws: { handlePacket(packet?: Packet, shard?: unknown): boolean };
  emit(event: string, ...args: unknown[]): boolean;
}

/**
 * Drops a gateway payload that discord.js can't read, and logs it; otherwise it would end the process for everybody.
 * Fills in fields that an interaction can do without. Rethrows errors of the bot's own listeners, and of an unreadable
 * READY, because there is no connection without one.
 */
export function guardPayloads(client: Client, log: Logger): void {
  const internals = client as unknown as Internals;
  const { ws } = internals;
  const handle = ws.handlePacket.bind(ws);
  const emit = internals.emit.bind(client);
  const fromListeners = new WeakSet<object>();

  internals.emit = (...args) => {
    try {
      return emit(...args);
    } catch (error) {
      if (error instanceof Error) fromListeners.add(error);
      throw error;
    }
  };
  ws.handlePacket = (packet, shard) => {
    const problem = packet && problemOf(packet, client);
    if (packet && problem) return drop(packet, problem);
    try {
      return handle(packet, shard);
    } catch (error) {
      const isOurs = !(error instanceof Error) || fromListeners.has(error);
      if (!packet || isOurs || packet.t === GatewayDispatchEvents.Ready) throw error;
      return drop(packet, error);
    }
  };

  function drop(packet: Packet, reason: unknown): false {
    const { id, type } = fieldsOf(packet.d) ?? {};
    const why = reason instanceof Error ? { err: reason } : { problem: reason };
    log.error({ event: packet.t, id, type, ...why }, 'a payload from Discord cannot be read; it is dropped');
    // discord.js goes on to read the id of the server.
    packet.d = { id };
    return false;
  }
}

/** Fills in the fields that discord.js needs and the bot can do without. Returns what else is missing, or null. */
function problemOf(packet: Packet, client: Client): string | null {
  const data = fieldsOf(packet.d);
  if (!data) return packet.t === GatewayDispatchEvents.Resumed ? null : 'it has no data';
  if (packet.t === GatewayDispatchEvents.Ready) fillInReady(data, client);
  if (packet.t !== GatewayDispatchEvents.InteractionCreate) return null;
  if (!Array.isArray(data.entitlements)) data.entitlements = [];
  if (!fieldsOf(data.authorizing_integration_owners)) data.authorizing_integration_owners = {};
  if (typeof data.locale !== 'string') data.locale = Locale.EnglishUS;
  if (typeof data.application_id !== 'string') data.application_id = client.application?.id;
  if (!isNumber(data.app_permissions)) data.app_permissions = LIKELY_PERMISSIONS;
  fillInPlace(data);
  // No file fits a limit that isn't positive. Without the field, Discord's default holds.
  if (!(Number(data.attachment_size_limit) > 0)) delete data.attachment_size_limit;
  for (const file of filesIn(data)) if (typeof file.filename !== 'string') file.filename = NAMELESS_FILE;
  const form = fieldsOf(data.data);
  // Unreadable parts are dropped, since the rest of the form holds what the person has typed.
  if (Array.isArray(form?.components)) form.components = form.components.filter(isBuildable);
  return missingIn(data);
}

/** The READY of a later session may lack fields; the bot knows them from the first one. */
function fillInReady(data: Fields, { user, application }: Client): void {
  data.guilds = Array.isArray(data.guilds) ? data.guilds.filter((guild) => fieldsOf(guild) !== null) : [];
  if (!fieldsOf(data.user) && user) data.user = { id: user.id };
  const id = application?.id ?? fieldsOf(data.user)?.id;
  if (!fieldsOf(data.application) && typeof id === 'string') data.application = { id };
}

/** discord.js reads the channel from the object that Discord added beside its id, and a member's roles as a list. */
function fillInPlace(data: Fields): void {
  const server = fieldsOf(data.guild)?.id;
  if (typeof data.guild_id !== 'string' && typeof server === 'string') data.guild_id = server;
  const channel = fieldsOf(data.channel);
  if (typeof channel?.id !== 'string' && typeof data.channel_id === 'string') {
    const isPrivate = data.context === InteractionContextType.PrivateChannel;
    const direct = isPrivate ? ChannelType.GroupDM : ChannelType.DM;
    const type = typeof data.guild_id === 'string' ? ChannelType.GuildText : direct;
    data.channel = { type, ...channel, id: data.channel_id };
  }
  const member = fieldsOf(data.member);
  if (member && !Array.isArray(member.roles)) member.roles = [];
}

/** The files that the person has attached, and those of a message on which a menu was opened. */
function filesIn(interaction: Fields): Fields[] {
  const resolved = fieldsOf(fieldsOf(interaction.data)?.resolved);
  const messages = Object.values(fieldsOf(resolved?.messages) ?? {});
  const ofMessages = messages.flatMap((message) => fieldsOf(message)?.attachments ?? []);
  const files = [...Object.values(fieldsOf(resolved?.attachments) ?? {}), ...ofMessages];
  return files.map(fieldsOf).filter((file) => file !== null);
}

const NAMELESS_FILE = 'file';

/** discord.js can't read a part of a form that is empty, or that holds an empty part. */
function isBuildable(part: unknown): boolean {
  const fields = fieldsOf(part);
  return fields !== null && (!('component' in fields) || fieldsOf(fields.component) !== null);
}

/** The permissions that the bot's invitation asks for. If it lacks one, this shows when it is used. */
const LIKELY_PERMISSIONS = String(
  PermissionFlagsBits.ViewChannel |
    PermissionFlagsBits.SendMessages |
    PermissionFlagsBits.EmbedLinks |
    PermissionFlagsBits.AttachFiles,
);

function missingIn(interaction: Fields): string | null {
  for (const name of ['id', 'token', 'application_id']) {
    if (typeof interaction[name] !== 'string') return `it has no ${name}`;
  }
  const user = fieldsOf(interaction.user) ?? fieldsOf(fieldsOf(interaction.member)?.user);
  if (typeof user?.id !== 'string') return 'it has no user';
  const data = fieldsOf(interaction.data);
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
    case InteractionType.ApplicationCommandAutocomplete:
      return typeof data?.name === 'string' ? null : 'it has no data.name';
    case InteractionType.MessageComponent:
    case InteractionType.ModalSubmit:
      return typeof data?.custom_id === 'string' ? null : 'it has no data.custom_id';
    default:
      return 'its type is unknown';
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value);
}
