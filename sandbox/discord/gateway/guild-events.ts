import {
  GatewayDispatchEvents as Event,
  type GatewayGuildCreateDispatchData,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { guildIdOf } from '../world/membership.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { Channel, Guild, World } from '../world/world.ts';

/** docs: events/gateway-events – threads have their own events, and the event of a deleted one has few fields. */
export function channelEvent(channel: Channel, change: 'updated' | 'deleted'): [Event, object] {
  if (!('thread_metadata' in channel)) {
    return [change === 'deleted' ? Event.ChannelDelete : Event.ChannelUpdate, channel];
  }
  if (change === 'updated') return [Event.ThreadUpdate, channel];
  const { id, guild_id, parent_id, type } = channel;
  return [Event.ThreadDelete, { id, guild_id, parent_id, type }];
}

/** A guild as the bot receives it, with the channels that it may view. */
export function guildCreate(world: World, { profile, members }: Guild): GatewayGuildCreateDispatchData {
  const bot = members.get(world.bot.id);
  const visible = [...world.channels.values()]
    .filter((channel) => guildIdOf(channel) === profile.id)
    .filter((channel) => permissionsIn(world, world.bot.id, channel) & Permission.ViewChannel);
  const isThread = (channel: Channel) => 'thread_metadata' in channel;
  return {
    ...profile,
    joined_at: bot?.joined_at ?? new Date(world.clock.now()).toISOString(),
    large: false,
    unavailable: false,
    member_count: members.size,
    members: bot ? [bot] : [],
    channels: visible.filter((channel) => !isThread(channel)) as GatewayGuildCreateDispatchData['channels'],
    threads: visible.filter(isThread) as GatewayGuildCreateDispatchData['threads'],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
