import { ChannelType, OverwriteType } from 'discord-api-types/v10';
import type { Gateway } from './gateway/gateway.ts';
import type { GatewayWeather } from './gateway/weather.ts';
import type { Interaction } from './interactions/interaction.ts';
import type { InteractionRegistry } from './interactions/registry.ts';
import type { RestFault, RestFaults } from './rest/faults.ts';
import { thread } from './world/channel-objects.ts';
import { guildIdOf, isIn } from './world/membership.ts';
import { deleteMessage } from './world/messages.ts';
import type { Channel, Message, User, World } from './world/world.ts';

/** Makes things go wrong between a bot and Discord. */
export interface Faults {
  /** Spoils REST requests; the returned function stops it. */
  rest(fault: RestFault): () => void;
  /** Ends an interaction's token before its 15 minutes. */
  expireToken(interaction: Interaction): void;
  /** Cuts the gateway connections or a shard's, by default resumably, or ends them with a close code. */
  dropGateway(options?: { resumable?: boolean; code?: number; shard?: number }): void;
  invalidSession(resumable: boolean, shard?: number): void;
  requestReconnect(shard?: number): void;
  /** The bot has grown: Discord now requires at least this many shards, and ends sessions with fewer. */
  requireShards(count: number): void;
  /** Makes the gateway refuse, hang or fall silent; the returned function stops it. */
  gateway(weather: GatewayWeather): () => void;
  /** Takes permissions from the bot in a channel, or everywhere; the returned function gives them back. */
  revokePermissions(permissions: bigint, channel?: Channel): () => void;
  /** Replaces a person's roles in every server; the returned function restores them. */
  setRoles(user: User, roleIds: string[]): () => void;
  /** Starts a thread that the bot isn't told of, as with a private thread that it isn't a member of. */
  beginUntoldThread(parent: Channel): Channel;
  deleteMessage(message: Pick<Message, 'id'>): void;
  deleteChannel(channel: Channel): void;
  /** Makes a person refuse direct messages (50007). */
  closeDirectMessages(user: User): void;
}

export function createFaults(deps: {
  world: World;
  gateway: Gateway;
  interactions: InteractionRegistry;
  rest: RestFaults;
}): Faults {
  const { world, gateway, interactions } = deps;
  return {
    rest: deps.rest.add,
    expireToken({ id }) {
      const record = interactions.find(id);
      if (record) record.revoked = true;
    },
    dropGateway: gateway.drop,
    invalidSession: gateway.invalidSession,
    requestReconnect: gateway.requestReconnect,
    requireShards: gateway.requireShards,
    gateway: gateway.misbehave,
    revokePermissions(permissions, channel) {
      const undo = (channel ? [channel] : parentsWithBot(world)).map((each) =>
        denyBot(world, each, permissions),
      );
      return () => {
        for (const restore of undo) restore();
      };
    },
    setRoles({ id }, roleIds) {
      const members = [...world.guilds.values()].flatMap((guild) => guild.members.get(id) ?? []);
      const before = members.map(({ roles }) => roles);
      for (const member of members) member.roles = roleIds;
      return () => {
        for (const [index, member] of members.entries()) member.roles = before[index] ?? [];
      };
    },
    beginUntoldThread(parent) {
      const { id: parentId, type } = parent;
      const guildId = guildIdOf(parent);
      if (type !== ChannelType.GuildText || guildId === undefined)
        throw new Error('only a text channel has such threads here');
      const begun = { owner: world.bot, startedAt: new Date(world.clock.now()).toISOString() };
      const untold = thread(world.nextId(), 'backstage', { id: parentId, guild_id: guildId, type }, begun);
      world.channels.set(untold.id, untold);
      return untold;
    },
    deleteMessage({ id }) {
      const message = world.messages.get(id);
      if (message) deleteMessage(world, message);
    },
    deleteChannel: (channel) => deleteChannel(world, channel),
    closeDirectMessages: ({ id }) => void world.closedDms.add(id),
  };
}

/** Also deletes its messages and its threads. */
function deleteChannel(world: World, channel: Channel): void {
  world.channels.delete(channel.id);
  for (const message of world.messages.values()) {
    if (message.channel_id === channel.id) world.messages.delete(message.id);
  }
  world.events.emit('channel', channel, 'deleted');
  for (const each of world.channels.values()) {
    if ('parent_id' in each && each.parent_id === channel.id) deleteChannel(world, each);
  }
}

/** Threads have no overwrites of their own. */
function parentsWithBot(world: World): Channel[] {
  return [...world.channels.values()].filter(
    (channel) => !('thread_metadata' in channel) && isIn(world, world.bot.id, channel),
  );
}

function denyBot(world: World, channel: Channel, permissions: bigint): () => void {
  // A thread's permissions are its parent's; private messages have none.
  const owner = 'thread_metadata' in channel ? world.channels.get(channel.parent_id ?? '') : channel;
  if (!owner || !('permission_overwrites' in owner)) return () => undefined;
  const denial = { id: world.bot.id, type: OverwriteType.Member, allow: '0', deny: String(permissions) };
  const set = (overwrites: NonNullable<typeof owner.permission_overwrites>) => {
    owner.permission_overwrites = overwrites;
    world.events.emit('channel', owner, 'updated');
  };
  set([...(owner.permission_overwrites ?? []), denial]);
  return () => set((owner.permission_overwrites ?? []).filter((overwrite) => overwrite !== denial));
}
