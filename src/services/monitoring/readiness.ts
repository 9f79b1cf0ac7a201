import { type Client, Status } from 'discord.js';
import type { TokenWatch } from '../discord/token-watch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import { cached } from './cached.ts';

/** Proving that the ledger can be written waits for the disk, and holds up all other writes. */
const PROVEN_FOR_MS = 5000;

/** Resolves with the reasons why the bot can't serve anybody now, one sentence each; empty when it can. */
export type Readiness = () => Promise<string[]>;

/** Checks what every request needs: the gateway, the token and, every few seconds at most, that the ledger can be written. */
export function createReadiness(needed: {
  client: Pick<Client, 'ws'>;
  token: Pick<TokenWatch, 'isDoubted'>;
  ledger: Pick<Ledger, 'proveWritable'>;
  log: Logger;
  elapsed: () => number;
}): Readiness {
  const { client, token, ledger, log, elapsed } = needed;
  const ledgerProblems = cached(lookAtLedger, PROVEN_FOR_MS, elapsed);

  async function lookAtLedger(): Promise<string[]> {
    try {
      await ledger.proveWritable();
      return [];
    } catch (err) {
      log.error({ err }, 'the ledger takes no write');
      return ['the ledger takes no write: see the log of the bot'];
    }
  }

  return async () => [
    ...gatewayProblems(client),
    ...(token.isDoubted ? ['Discord refuses the token of the bot'] : []),
    ...(await ledgerProblems()),
  ];
}

function gatewayProblems({ ws }: Pick<Client, 'ws'>): string[] {
  if (ws.shards.size === 0) return ['the gateway is not connected yet'];
  return ws.shards
    .filter(({ status }) => status !== Status.Ready)
    .map(({ id, status }) => `shard ${id} of the gateway is not ready (${Status[status]})`);
}
