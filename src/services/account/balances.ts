import { ImageServiceError } from '../image-service/errors.ts';
import type { AccountBalance, CallOptions, JimmyAi, KeyBalance } from '../jimmyai/client.ts';
import type { Finding } from './trouble.ts';

/** What the account and the key have left; null for what the service doesn't report. */
export interface Balances {
  readonly account: AccountBalance | null;
  readonly key: KeyBalance | null;
}

type BalanceService = Pick<JimmyAi, 'queryAccountBalance' | 'queryKeyBalance'>;

/** Asks for both balances. Throws an ImageServiceError when the service reports neither. */
export async function queryBalances(service: BalanceService, options: CallOptions): Promise<Balances> {
  const [account, key] = await Promise.allSettled([
    service.queryAccountBalance(options),
    service.queryKeyBalance(options),
  ]);
  for (const result of [account, key]) {
    if (result.status === 'rejected' && !(result.reason instanceof ImageServiceError)) throw result.reason;
  }
  if (account.status === 'rejected' && key.status === 'rejected') throw account.reason;
  return {
    account: account.status === 'fulfilled' ? account.value : null,
    key: key.status === 'fulfilled' ? key.value : null,
  };
}

/** The coins that can still be spent: the account's, but no more than the key may spend. Null when unknown. */
export function spendableOf({ account, key }: Balances): number | null {
  const known = [account?.available, key?.available].filter((coins) => typeof coins === 'number');
  return known.length === 0 ? null : Math.min(...known);
}

/** What the balances say about serving requests. The key's balance alone can't show that there is enough. */
export function findingOf(answer: Balances | ImageServiceError): Finding {
  if (answer instanceof ImageServiceError) {
    if (answer.kind === 'authentication') return 'key-refused';
    return answer.kind === 'credit' ? 'no-credit' : null;
  }
  const spendable = spendableOf(answer);
  if (spendable !== null && spendable <= 0) return 'no-credit';
  return answer.account === null ? 'key-taken' : 'fine';
}
