import { setTimeout as delay } from 'node:timers/promises';
import type { JimmyAi } from '../jimmyai/client.ts';
import type { PriceLedger } from '../ledger/prices.ts';
import type { Logger } from '../log.ts';
import { type Catalog, kindOf, type Priced, priceIn } from '../request/billing.ts';
import { type CostTable, costIn, unusedNames } from '../request/costs.ts';
import { MODEL_IDS, type ModelId } from '../request/models.ts';
import { TOOL_BILLING } from '../request/tools.ts';

/** Estimates the cost of images. */
export interface Prices {
  /**
   * The coins for one image of such a request: by the host's table, else by the latest cost of the same, which reflects
   * the account's own prices, else by the service's public ones. Null when unknown.
   */
  estimate(request: Priced, references: number): Promise<number | null>;
  /** Begins to read the public prices, now and every day. */
  start(): void;
  stop(): Promise<void>;
}

export interface PricesDeps {
  /** Null for a service that reports no prices: then only the host's are known. */
  readonly service: Pick<JimmyAi, 'queryCatalog'> | null;
  readonly ledger: PriceLedger;
  /** The host's own prices, before all others. */
  readonly table: CostTable | null;
  /** The models that the table may name. */
  readonly models: readonly ModelId[];
  readonly log: Logger;
  readonly dayMs?: number;
}

const DAY_MS = 24 * 60 * 60_000;
const TRIES_PER_DAY = 24;

/** Starts with the public prices that an earlier process has read, and warns of names in the table that don't exist. */
export async function createPrices({
  service,
  ledger,
  table,
  models,
  log,
  dayMs = DAY_MS,
}: PricesDeps): Promise<Prices> {
  const unused = unusedNames(table ?? {}, models);
  if (unused.length > 0) log.warn({ unused }, explainUnused(unused));
  if (service === null) return pricesOf(table);
  const { queryCatalog } = service;
  const stopping = new AbortController();
  const { signal } = stopping;
  let catalog = await ledger.catalog();
  let done = Promise.resolve();

  async function read(): Promise<void> {
    const read = ofImages(await queryCatalog({ log, signal }));
    const isNews = !isSame(read, catalog);
    catalog = read;
    if (isNews) await ledger.keepCatalog(read);
    log.info({ prices: read.size }, 'the service’s public prices were read');
  }

  async function rounds(): Promise<void> {
    while (!signal.aborted) {
      let pause = dayMs;
      try {
        await read();
      } catch (err) {
        if (signal.aborted) return;
        pause = dayMs / TRIES_PER_DAY;
        log.warn({ err }, 'the service’s public prices could not be read; what is known goes on to count');
      }
      // The delay ends early only by the abort that ends the loop, too.
      await delay(pause, null, { signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    async estimate(request, references) {
      const own = table && costIn(table, request);
      const last = own ?? (await ledger.lastCost(kindOf(request, references)));
      return last ?? priceIn(catalog, request, references);
    },
    start() {
      done = rounds();
    },
    stop() {
      stopping.abort();
      return done;
    },
  };
}

function explainUnused(names: readonly string[]): string {
  return `COST_TABLE names ${names.join(', ')}, which is no model, model/resolution or model/resolution/quality of this version: these prices are not used, and all others are. Take them out, or correct the names`;
}

/** Prices that come from the host's table only. */
function pricesOf(table: CostTable | null): Prices {
  return {
    estimate: async (request) => table && costIn(table, request),
    start: () => undefined,
    stop: async () => undefined,
  };
}

/** The service sells other things, too. */
function ofImages(all: Catalog): Catalog {
  const tools: readonly string[] = Object.values(TOOL_BILLING);
  return new Map(
    [...all].filter(([name]) => tools.includes(name) || MODEL_IDS.some((id) => name.startsWith(id))),
  );
}

function isSame(one: Catalog, other: Catalog): boolean {
  return one.size === other.size && [...one].every(([name, coins]) => other.get(name) === coins);
}
