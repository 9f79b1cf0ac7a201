import type { APIGuild } from 'discord-api-types/v10';
import { peopleOf } from '../people.ts';
import { textChannel } from './channel-objects.ts';
import { guildOf } from './membership.ts';
import { serverWithBot } from './population.ts';
import type { Channel, World } from './world.ts';

/** A server with one channel. */
export interface SmallServer {
  guild: APIGuild;
  channel: Channel;
}

/** Creates a server with the people of the studio, and invites the bot. */
export function addServer(world: World, name: string): SmallServer {
  const owner = world.users.get(guildOf(world, world.places.channel)?.profile.owner_id ?? '');
  if (!owner) throw new Error('the studio has no owner');
  const cast = { bot: world.bot, owner, ...peopleOf(world) };
  const guild = serverWithBot(name, cast, world.nextId, new Date(world.clock.now()).toISOString());
  const { profile } = guild;
  const channel = textChannel({ id: world.nextId(), guildId: profile.id, name: 'general', position: 0 });
  world.guilds.set(profile.id, guild);
  world.channels.set(channel.id, channel);
  world.events.emit('guild', guild);
  return { guild: profile, channel };
}
