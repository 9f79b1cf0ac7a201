import { type Cdn, contentTypeOf } from './cdn.ts';
import type { PersonFile } from './interactions/person-file.ts';
import { createMessage } from './world/messages.ts';
import type { Channel, Message, User, World } from './world/world.ts';

export interface People {
  /** Moderates: may manage messages and the server. */
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
  return { alice: named('alice'), bob: named('bob'), carol: named('carol') };
}

/** A person writes a message. */
export type Say = (input: {
  user: User;
  channel: Channel;
  content?: string;
  files?: readonly PersonFile[];
}) => Promise<Message>;

export function createSay(world: World, cdn: Cdn): Say {
  return async ({ user, channel, content = '', files = [] }) => {
    const place = { channelId: channel.id, ephemeral: false };
    const attachments = await Promise.all(
      files.map((file) =>
        cdn.store({ ...file, contentType: file.contentType ?? contentTypeOf(file.name) }, place),
      ),
    );
    return createMessage(
      world,
      { channel, author: user },
      { content, attachments, embeds: [], components: [], flags: 0, allowedMentions: undefined },
    );
  };
}
