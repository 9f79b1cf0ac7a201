import type { APIGuild } from 'discord-api-types/v10';
import { member, person } from './user-objects.ts';
import type { User, World } from './world.ts';

/** Adds another application's bot, which joins these servers. */
export function addBot(world: World, username: string, guilds: readonly Pick<APIGuild, 'id'>[]): User {
  const user = addPerson(world, username, guilds);
  user.bot = true;
  return user;
}

/** Adds a person, who joins these servers without roles. */
export function addPerson(world: World, username: string, guilds: readonly Pick<APIGuild, 'id'>[]): User {
  const user = person(world.nextId(), username, null);
  world.users.set(user.id, user);
  for (const { id } of guilds) {
    const guild = world.guilds.get(id);
    if (!guild) throw new Error(`there is no server ${id}`);
    guild.members.set(user.id, member(user, new Date(world.clock.now()).toISOString()));
  }
  return user;
}
