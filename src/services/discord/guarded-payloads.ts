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

/** Both are discord.js's own, and in no type of it: it has no other place where a payload that it can't build is caught. */
interface Internals {
  ws: { handlePacket(packet?: Packet, shard?: unknown): boolean };
  emit(event: string, ...args: unknown[]): boolean;
}

/**
 * Drops a gateway payload that discord.js can't build an object from, with a line in the log, where it would end the
 * process for everybody. What an interaction may lack is filled in first. A mistake in one of the bot's own listeners is
 * thrown on, and so is a READY that can't be read: without one there is no connection.
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
    log.error({ event: packet.t, id, type, ...why }, 'a payload of Discord’s cannot be read; it is dropped');
    // discord.js goes on to look for the id of the server.
    packet.d = { id };
    return false;
  }
}

/** Fills in what discord.js needs and an interaction can do without; returns what can't be done without and isn't there. */
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
  // Nothing could be shown within it: an interaction that says none has Discord's default.
  if (!(Number(data.attachment_size_limit) > 0)) delete data.attachment_size_limit;
  for (const file of filesIn(data)) if (typeof file.filename !== 'string') file.filename = NAMELESS_FILE;
  const form = fieldsOf(data.data);
  // The rest of a form is what a person has typed.
  if (Array.isArray(form?.components)) form.components = form.components.filter(isBuildable);
  return missingIn(data);
}

/** A later session may say less of itself than the first: what the bot is, and where, is known by then. */
function fillInReady(data: Fields, { user, application }: Client): void {
  data.guilds = Array.isArray(data.guilds) ? data.guilds.filter((guild) => fieldsOf(guild) !== null) : [];
  if (!fieldsOf(data.user) && user) data.user = { id: user.id };
  const id = application?.id ?? fieldsOf(data.user)?.id;
  if (!fieldsOf(data.application) && typeof id === 'string') data.application = { id };
}

/** discord.js reads the place from the objects that came to stand beside the ids, and a member's roles as a list. */
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

/** What the person has attached, and what the message has that a menu was opened on. */
function filesIn(interaction: Fields): Fields[] {
  const resolved = fieldsOf(fieldsOf(interaction.data)?.resolved);
  const messages = Object.values(fieldsOf(resolved?.messages) ?? {});
  const ofMessages = messages.flatMap((message) => fieldsOf(message)?.attachments ?? []);
  const files = [...Object.values(fieldsOf(resolved?.attachments) ?? {}), ...ofMessages];
  return files.map(fieldsOf).filter((file) => file !== null);
}

const NAMELESS_FILE = 'file';

/** A part of a form that is empty, or holds an empty one, is more than discord.js can take. */
function isBuildable(part: unknown): boolean {
  const fields = fieldsOf(part);
  return fields !== null && (!('component' in fields) || fieldsOf(fields.component) !== null);
}

/** What the bot asks for where it is invited; that it lacks one of them shows when it is used. */
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
