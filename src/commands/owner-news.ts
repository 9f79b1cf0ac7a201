import type { News } from '../services/account/index.ts';
import type { Owners } from '../services/discord/owners.ts';
import type { Ledger } from '../services/ledger/ledger.ts';
import { textFor } from './text/index.ts';

/** Tells the bot's owner about the account, in the language that they last used with the bot. */
export function tellingOwner({ owners, ledger }: { owners: Owners; ledger: Ledger }) {
  return (news: News): Promise<boolean> =>
    owners.tell(
      async (userId) => textFor((await ledger.settings.lastLocaleOf(userId)) ?? '').accountNews(news),
      nonceOf(news),
    );
}

/**
 * Within the 25 characters that Discord allows. It is the same for each try of the same message, also after a restart.
 */
function nonceOf({ kind, since, isOver }: News): string {
  return `${isOver ? 'over' : 'warn'}-${kind.slice(0, 3)}-${since.toString(36)}`;
}
