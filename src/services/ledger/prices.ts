import type { Catalog } from '../request/billing.ts';
import type { Database } from './database.ts';

/** A trigger writes `last_costs` whenever a task gets its cost. */
const SQL = {
  lastCost: 'SELECT coins FROM last_costs WHERE kind = :kind',
  catalog: 'SELECT name, coins FROM catalog_prices',
  clear: 'DELETE FROM catalog_prices',
  add: 'INSERT INTO catalog_prices (name, coins) VALUES (:name, :coins)',
} as const;

/**
 * The costs of images that the service has reported. They aren't personal, so they stay when generations are deleted.
 */
export interface PriceLedger {
  /** The cost of the last billed image of this kind; null when none was billed yet. */
  lastCost(kind: string): Promise<number | null>;
  /** The service's public prices, as they were last read. */
  catalog(): Promise<Catalog>;
  keepCatalog(catalog: Catalog): Promise<void>;
}

export function createPriceLedger(db: Database): PriceLedger {
  const statements = db.prepare(SQL);
  return {
    async lastCost(kind) {
      const row = await db.read(() => statements.lastCost.get({ kind }));
      return (row?.coins as number | undefined) ?? null;
    },
    async catalog() {
      const rows = await db.read(() => statements.catalog.all());
      return new Map(rows.map(({ name, coins }) => [name as string, coins as number]));
    },
    keepCatalog: (catalog) =>
      db.write(function* () {
        yield* statements.clear.run();
        for (const [name, coins] of catalog) yield* statements.add.run({ name, coins });
      }, 'catalog'),
  };
}
