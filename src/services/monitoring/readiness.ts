import { type Client, Status } from 'discord.js';
import type { TokenWatch } from '../discord/token-watch.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Logger } from '../log.ts';
import { remembered } from './remembered.ts';

/** A proof that the ledger takes a write waits for the disk, and everything else with it. */
const PROVEN_FOR_MS = 5000;

/** Why the bot can't serve anybody at the moment, in a sentence each; empty where it can. */
export type Readiness = () => Promise<string[]>;

/** Looks at what every request needs: the gateway, the token, and a ledger that takes a write; that is tried every few seconds at most. */
export function createReadiness(needed: {
  client: Pick<Client, 'ws'>;
  token: Pick<TokenWatch, 'isDoubted'>;
  ledger: Pick<Ledger, 'proveWritable'>;
  log: Logger;
  elapsed: () => number;
}): Readiness {
  const { client, token, ledger, log, elapsed } = needed;
  const ledgerProblems = remembered(lookAtLedger, PROVEN_FOR_MS, elapsed);

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
