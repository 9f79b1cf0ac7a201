import type { DatabaseSync } from 'node:sqlite';
import type { Catalog } from '../request/billing.ts';
import type { Write } from './sqlite/group-commit.ts';
import { prepareAll } from './sqlite/statements.ts';

/** `last_costs` is written by a trigger, with the task that tells what it cost. */
const SQL = {
  lastCost: 'SELECT coins FROM last_costs WHERE kind = ?',
  catalog: 'SELECT name, coins FROM catalog_prices',
  clear: 'DELETE FROM catalog_prices',
  add: 'INSERT INTO catalog_prices (name, coins) VALUES (:name, :coins)',
} as const;

/** What images cost, as far as the service has told. Nothing of it is personal: it stays when generations are deleted. */
export interface PriceLedger {
  /** What an image of this kind cost when one was last billed; null where none was yet. */
  lastCost(kind: string): Promise<number | null>;
  /** The service's public prices when they were last read. */
  catalog(): Promise<Catalog>;
  keepCatalog(catalog: Catalog): Promise<void>;
}

export function createPriceLedger(db: DatabaseSync, write: Write): PriceLedger {
  const statements = prepareAll(db, SQL);
  return {
    lastCost: async (kind) => (statements.lastCost.get(kind)?.coins as number | undefined) ?? null,
    catalog: async () =>
      new Map(statements.catalog.all().map(({ name, coins }) => [name as string, coins as number])),
    keepCatalog: (catalog) =>
      write(() => {
        statements.clear.run();
        for (const [name, coins] of catalog) statements.add.run({ name, coins });
      }),
  };
}
