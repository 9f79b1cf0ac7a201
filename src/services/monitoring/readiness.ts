import { type Client, Status } from 'discord.js';
import type { Ledger } from '../ledger/index.ts';
import type { Logger } from '../log.ts';

/** Why the bot can't serve anybody at the moment, in a sentence each; empty where it can. */
export type Readiness = () => Promise<string[]>;

/** Looks at what every request needs: the gateway, and a ledger that takes a write. */
export function createReadiness(needed: { client: Client; ledger: Ledger; log: Logger }): Readiness {
  const { client, ledger, log } = needed;

  async function ledgerProblems(): Promise<string[]> {
    try {
      await ledger.proveWritable();
      return [];
    } catch (err) {
      log.error({ err }, 'the ledger takes no write');
      return ['the ledger takes no write: see the log of the bot'];
    }
  }

  return async () => [...gatewayProblems(client), ...(await ledgerProblems())];
}

function gatewayProblems({ ws }: Client): string[] {
  if (ws.shards.size === 0) return ['the gateway is not connected yet'];
  return ws.shards
    .filter(({ status }) => status !== Status.Ready)
    .map(({ id, status }) => `shard ${id} of the gateway is not ready (${Status[status]})`);
}
