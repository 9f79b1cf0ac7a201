import { type APIUser, Locale, PermissionFlagsBits as Permission } from 'discord-api-types/v10';
import { forumChannel, groupDm, textChannel, thread, voiceChannel } from './channel-objects.ts';
import { guildProfile, role } from './guild-objects.ts';
import { member, person } from './user-objects.ts';
import type { Guild, Places, Population } from './world.ts';

/**
 * Seeds the bot, alice (a moderator), bob and carol; the studio, a server with all of them and every kind of channel;
 * and the tavern and a group of the three people, both without the bot.
 */
export function populate(nextId: () => string, now: number, botId: string = nextId()): Population {
  const at = new Date(now).toISOString();
  const bot: APIUser = { ...person(botId, 'imagine', 'Imagine'), bot: true, discriminator: '0001' };
  const cast: Cast = {
    bot,
    owner: person(nextId(), 'olivia', 'Olivia'),
    alice: person(nextId(), 'alice', 'Alice'),
    bob: person(nextId(), 'bob', 'Bob'),
    carol: person(nextId(), 'carol', null),
  };
  const [studio, tavern] = [serverWithBot('The studio', cast, nextId, at), tavernOf(cast, nextId, at)];
  const [studioId, tavernId] = [studio.profile.id, tavern.profile.id];
  const post = { owner: cast.alice, startedAt: at };

  const channel = textChannel({ id: nextId(), guildId: studioId, name: 'general', position: 0 });
  const forum = forumChannel({ id: nextId(), guildId: studioId, name: 'showcase', position: 2 });
  const places: Places = {
    channel,
    otherChannel: textChannel({ id: nextId(), guildId: studioId, name: 'art', position: 1 }),
    thread: thread(nextId(), 'landscapes', channel, post),
    forumPost: thread(nextId(), 'My first painting', forum, post),
    voice: voiceChannel({ id: nextId(), guildId: studioId, name: 'Atelier', position: 3 }),
    groupDm: groupDm(nextId(), [cast.alice, cast.bob, cast.carol], cast.alice),
    elsewhere: textChannel({ id: nextId(), guildId: tavernId, name: 'lounge', position: 0 }),
  };
  return {
    bot,
    users: byId(Object.values(cast)),
    guilds: new Map([
      [studioId, studio],
      [tavernId, tavern],
    ]),
    channels: byId([...Object.values(places), forum]),
    places,
  };
}

const EVERYONE =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.SendMessagesInThreads |
  Permission.EmbedLinks |
  Permission.AttachFiles |
  Permission.ReadMessageHistory |
  Permission.Connect |
  Permission.Speak |
  Permission.UseApplicationCommands |
  Permission.UseExternalApps |
  Permission.UseExternalEmojis |
  Permission.AddReactions;
const MODERATOR = Permission.ManageMessages | Permission.ManageGuild | Permission.MentionEveryone;

export type Cast = Record<'bot' | 'owner' | 'alice' | 'bob' | 'carol', APIUser>;

/** A server that olivia owns and alice moderates; bob has a role without permissions. */
export function serverWithBot(
  name: string,
  { bot, owner, alice, bob, carol }: Cast,
  nextId: () => string,
  at: string,
): Guild {
  const id = nextId();
  const everyone = role(id, '@everyone', EVERYONE, 0);
  const moderator = role(nextId(), 'Moderator', EVERYONE | MODERATOR, 3);
  const reporter = role(nextId(), 'Reporter', 0n, 2);
  const botRole = { ...role(nextId(), 'Imagine', EVERYONE, 1), managed: true, tags: { bot_id: bot.id } };
  return {
    profile: guildProfile({
      id,
      name,
      owner_id: owner.id,
      roles: [everyone, moderator, reporter, botRole],
    }),
    members: new Map([
      [bot.id, member(bot, at, [botRole.id])],
      [owner.id, member(owner, at)],
      [alice.id, member(alice, at, [moderator.id])],
      [bob.id, member(bob, at, [reporter.id])],
      [carol.id, member(carol, at)],
    ]),
  };
}

/** Its language differs from the studio's, so that tests notice a mix-up. */
function tavernOf({ owner, alice, bob, carol }: Cast, nextId: () => string, at: string): Guild {
  const id = nextId();
  return {
    profile: guildProfile({
      id,
      name: 'The tavern',
      owner_id: owner.id,
      roles: [role(id, '@everyone', EVERYONE, 0)],
      preferred_locale: Locale.French,
    }),
    members: new Map([owner, alice, bob, carol].map((user) => [user.id, member(user, at)])),
  };
}

function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
