import { AllowedMentionsTypes, type APIAllowedMentions } from 'discord-api-types/v10';

/** The ids of the people and roles that a message notifies. */
export interface Pings {
  everyone: boolean;
  users: string[];
  roles: string[];
}

/**
 * Applies `allowed_mentions` to a text (docs: resources/message, allowed mentions). Without it everybody mentioned is
 * notified. `mayPingEveryone` is the permission that also allows mentions of unmentionable roles.
 */
export function pingsOf(
  content: string,
  allowed: APIAllowedMentions | null | undefined,
  sender: { mayPingEveryone: boolean; mentionableRoles: readonly string[] },
): Pings {
  const parse = allowed ? (allowed.parse ?? []) : Object.values(AllowedMentionsTypes);
  const isAllowed = (type: AllowedMentionsTypes, listed: readonly string[] | undefined, id: string) =>
    parse.includes(type) || (listed ?? []).includes(id);
  return {
    everyone:
      sender.mayPingEveryone &&
      parse.includes(AllowedMentionsTypes.Everyone) &&
      /@(everyone|here)\b/.test(content),
    users: idsIn(content, /<@!?(\d+)>/g).filter((id) =>
      isAllowed(AllowedMentionsTypes.User, allowed?.users, id),
    ),
    roles: idsIn(content, /<@&(\d+)>/g)
      .filter((id) => isAllowed(AllowedMentionsTypes.Role, allowed?.roles, id))
      .filter((id) => sender.mayPingEveryone || sender.mentionableRoles.includes(id)),
  };
}

function idsIn(content: string, pattern: RegExp): string[] {
  return [...new Set([...content.matchAll(pattern)].map(([, id]) => id ?? ''))];
}
