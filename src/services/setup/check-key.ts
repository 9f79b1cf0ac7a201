import { type Balances, queryBalances } from '../account/balances.ts';
import { ImageServiceError } from '../image-service/errors.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import { ProxyError } from '../proxy/proxy-error.ts';
import type { Checked } from './checked.ts';

const NOTHING_LEFT: Balances = { account: { available: 0, used: null }, key: null };

/** Checks the client's key by asking the image service for its balances. */
export async function checkKey(
  service: Pick<JimmyAi, 'queryAccountBalance' | 'queryKeyBalance'>,
): Promise<Checked<Balances>> {
  try {
    return { outcome: 'accepted', found: await queryBalances(service, {}) };
  } catch (error) {
    if (!(error instanceof ImageServiceError)) throw error;
    if (error.kind === 'credit') return { outcome: 'accepted', found: NOTHING_LEFT };
    const own = error.serviceMessage ? ` (“${error.serviceMessage}”)` : '';
    if (error.kind === 'authentication') {
      return {
        outcome: 'refused',
        why: `JimmyAI does not accept this key${own}. Copy it again, whole, from your account.`,
      };
    }
    const proxy = ProxyError.in(error);
    if (proxy) {
      return { outcome: 'unclear', why: `JimmyAI was not asked: ${proxy.message}. ${proxy.wayOut}` };
    }
    return {
      outcome: 'unclear',
      why: `JimmyAI did not tell: ${error.message}${own}. Check the connection and JIMMYAI_BASE_URL.`,
    };
  }
}
