import { type APITeam, type APIUser, TeamMemberMembershipState, TeamMemberRole } from 'discord-api-types/v10';
import { person } from './user-objects.ts';
import type { User, World } from './world.ts';

/** The members of the application's team, and the people who are only invited. */
export interface TeamPeople {
  readonly owner: User;
  readonly members?: readonly User[];
  readonly invited?: readonly User[];
}

/** docs: topics/teams – the owner is a member of the team, too. */
export function teamOf(nextId: () => string, { owner, members = [], invited = [] }: TeamPeople): APITeam {
  const id = nextId();
  const memberOf = (user: User, membership_state: TeamMemberMembershipState, role: TeamMemberRole) => ({
    user,
    team_id: id,
    membership_state,
    role,
    permissions: ['*'] as ['*'],
  });
  const { Accepted, Invited } = TeamMemberMembershipState;
  return {
    id,
    icon: null,
    name: 'The team',
    owner_user_id: owner.id,
    members: [
      memberOf(owner, Accepted, TeamMemberRole.Admin),
      ...members.map((user) => memberOf(user, Accepted, TeamMemberRole.Developer)),
      ...invited.map((user) => memberOf(user, Invited, TeamMemberRole.ReadOnly)),
    ],
  };
}

const TEAM_PSEUDO_USER = 1 << 10;

/** The application's `owner`. For a team it is a user that represents the team, not a person (docs: topics/teams). */
export function applicationOwner({ team, users }: World): APIUser | undefined {
  if (!team) return users.values().find(({ username }) => username === 'olivia');
  return {
    ...person(team.id, `team${team.id}`, null),
    discriminator: '0000',
    flags: TEAM_PSEUDO_USER,
    public_flags: TEAM_PSEUDO_USER,
  };
}
