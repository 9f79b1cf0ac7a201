import type { AccountBalance, CallOptions, JimmyAi, KeyBalance } from '../jimmyai/client.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { Finding } from './trouble.ts';

/** What the account and the key have left; null for what the service doesn't tell. */
export interface Balances {
  readonly account: AccountBalance | null;
  readonly key: KeyBalance | null;
}

type Asked = Pick<JimmyAi, 'queryAccountBalance' | 'queryKeyBalance'>;

/** Asks for both. Throws a JimmyAiError where neither is told. */
export async function queryBalances(service: Asked, options: CallOptions): Promise<Balances> {
  const [account, key] = await Promise.allSettled([
    service.queryAccountBalance(options),
    service.queryKeyBalance(options),
  ]);
  for (const asked of [account, key]) {
    if (asked.status === 'rejected' && !(asked.reason instanceof JimmyAiError)) throw asked.reason;
  }
  if (account.status === 'rejected' && key.status === 'rejected') throw account.reason;
  return {
    account: account.status === 'fulfilled' ? account.value : null,
    key: key.status === 'fulfilled' ? key.value : null,
  };
}

/** The coins that can still be spent: the account's, but no more than the key may. Null where nobody knows. */
export function spendableOf({ account, key }: Balances): number | null {
  const known = [account?.available, key?.available].filter((coins) => typeof coins === 'number');
  return known.length === 0 ? null : Math.min(...known);
}

/** What a look at the balances says about serving requests. The key's part alone can't say that there is enough. */
export function findingOf(looked: Balances | JimmyAiError): Finding {
  if (looked instanceof JimmyAiError) {
    if (looked.kind === 'authentication') return 'key-refused';
    return looked.kind === 'credit' ? 'no-credit' : null;
  }
  const spendable = spendableOf(looked);
  if (spendable !== null && spendable <= 0) return 'no-credit';
  return looked.account === null ? 'key-taken' : 'fine';
}
