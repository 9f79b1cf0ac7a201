import { OUT_OF_CREDIT, OUT_OF_QUOTA } from './answers.ts';
import { roundCoins } from './prices.ts';
import type { Tasks } from './tasks.ts';
import type { ToolCalls } from './tools/calls.ts';

/** The account's coins; a test can change them, for instance to empty the account. */
export interface Balance {
  /** Everything ever paid in. */
  coins: number;
  /** A false number of coins to report instead; null to report the true one. */
  told: number | null;
  /** The part that the key may spend; 0 means no quota. */
  keyQuota: number;
  /** The cost of all tasks and tools so far; failed tasks are refunded. */
  readonly used: number;
}

export function createBalance(tasks: Tasks, toolCalls: ToolCalls): Balance {
  return {
    coins: 10_000,
    told: null,
    keyQuota: 0,
    get used() {
      const paid = tasks.all().filter(({ status }) => status !== 'failed');
      return roundCoins([...paid, ...toolCalls.all()].reduce((sum, { coins }) => sum + coins, 0));
    },
  };
}

/** Why a create of that price can't be paid for; null when it can. */
export function refusalOf(price: number, { coins, keyQuota, used }: Balance) {
  if (used + price > coins) return OUT_OF_CREDIT;
  return keyQuota > 0 && used + price > keyQuota ? OUT_OF_QUOTA : null;
}

/** The `data` of user/balance. */
export function userBalanceData({ coins, told, used }: Balance) {
  const balance = told ?? coins;
  return { balance, used_coin: used, available: roundCoins(balance - used) };
}

/** The `data` of key/balance. */
export function keyBalanceData({ coins, keyQuota, used }: Balance) {
  const unlimited = keyQuota === 0;
  return {
    name: 'sandbox',
    total_quota: keyQuota,
    used_quota: used,
    available_quota: roundCoins((unlimited ? coins : keyQuota) - used),
    unlimited,
  };
}
