import { type Client, DiscordAPIError, Team, TeamMemberMembershipState } from 'discord.js';
import { isPassing } from './errors.ts';

/** The owners of the application. */
export interface Owners {
  /** The id of its owner, or the ids of everyone who has joined its team, the team's owner first. */
  list(): Promise<string[]>;
  /**
   * Sends a direct message to the first owner who accepts one. For some minutes, Discord sends a message with the same
   * nonce only once. False when none of them accepts it; throws when one may accept it later.
   */
  tell(contentFor: (userId: string) => Promise<string>, nonce: string): Promise<boolean>;
}

export function createOwners(client: Client): Owners {
  async function list(): Promise<string[]> {
    if (!client.isReady()) throw new Error('the owner of the application is known once the bot is connected');
    const { owner } = await client.application.fetch();
    if (!(owner instanceof Team)) return owner ? [owner.id] : [];
    const accepted = owner.members.filter(
      ({ membershipState }) => membershipState === TeamMemberMembershipState.Accepted,
    );
    const isOwner = (id: string) => Number(id === owner.ownerId);
    return [...accepted.keys()].sort((a, b) => isOwner(b) - isOwner(a));
  }

  return {
    list,
    async tell(contentFor, nonce) {
      for (const id of await list()) {
        try {
          await client.users.send(id, { content: await contentFor(id), nonce, enforceNonce: true });
          return true;
        } catch (error) {
          if (!(error instanceof DiscordAPIError) || isPassing(error)) throw error;
        }
      }
      return false;
    },
  };
}
