import type { Channel, Discord } from '../../sandbox/discord/index.ts';

/** Invites the bot to a server for each shard. Returns a channel of each, in the order of the shards. */
export function serversOnShards(discord: Discord, shards: number): Channel[] {
  const channelOn = (shard: number): Channel => {
    const { guild, channel } = discord.addServer(`server ${shard}`);
    if (shardOf(guild.id, shards) === shard) return channel;
    // The shard follows from the millisecond in which the server was made.
    discord.clock.advance(1);
    return channelOn(shard);
  };
  return Array.from({ length: shards }, (_, shard) => channelOn(shard));
}

/** docs: events/gateway, sharding. */
export function shardOf(guildId: string, shards: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shards));
}
