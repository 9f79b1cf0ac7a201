import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Account } from '../account/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { WARNING_KINDS } from '../ledger/warnings.ts';
import type { Readiness } from './readiness.ts';

interface Sources {
  readonly ledger: Ledger;
  readonly account: Account;
  readonly problems: Readiness;
}

/** Adds the gauges that are looked up at each scrape, and Node.js's own process metrics. */
export function addGauges(registry: Registry, { ledger, account, problems }: Sources): void {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  new Gauge({
    name: 'imagine_ready',
    help: '1 if the bot can serve everybody, as /readyz says',
    registers,
    async collect() {
      this.set((await problems()).length === 0 ? 1 : 0);
    },
  });
  new Gauge({
    name: 'imagine_tasks',
    help: 'Images that are not over yet, by state and model',
    labelNames: ['state', 'model'],
    registers,
    async collect() {
      this.reset();
      for (const { count, ...labels } of await ledger.load.tasks()) this.set(labels, count);
    },
  });
  new Gauge({
    name: 'imagine_queue_length',
    help: 'Requests that wait for their turn',
    registers,
    async collect() {
      this.set(await ledger.load.waiting());
    },
  });
  new Gauge({
    name: 'imagine_account_warning',
    help: "1 if the bot's owner is being warned of this; a refused key and no credit also make requests fail",
    labelNames: ['kind'],
    registers,
    collect() {
      for (const kind of WARNING_KINDS) this.set({ kind }, account.warnings().has(kind) ? 1 : 0);
    },
  });
  new Gauge({
    name: 'imagine_account_spendable_coins',
    help: 'Coins that could be spent when the bot last asked; NaN if unknown',
    registers,
    collect() {
      this.set(account.spendable() ?? Number.NaN);
    },
  });
}
