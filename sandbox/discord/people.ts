import type { User, World } from './world/world.ts';

export interface People {
  /** The owner of the servers and of the application. */
  olivia: User;
  /** A moderator, who may manage messages and the server. */
  alice: User;
  bob: User;
  carol: User;
}

/** The people seeded into a world, by name. */
export function peopleOf(world: World): People {
  const named = (username: string) => {
    const user = world.users.values().find((candidate) => candidate.username === username);
    if (!user) throw new Error(`nobody is called ${username}`);
    return user;
  };
  return { olivia: named('olivia'), alice: named('alice'), bob: named('bob'), carol: named('carol') };
}
