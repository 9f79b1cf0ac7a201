import { inject } from 'vitest';
import { openPostgresLedger } from '../../../../src/services/ledger/postgres/ledger.ts';
import type { Logger } from '../../../../src/services/log.ts';
import { createDatabase } from '../../../support/postgres.ts';

/** An empty database on the server of these tests. */
export function newDatabase(): Promise<string> {
  return createDatabase(inject('postgres')?.url ?? '');
}

/** The same ledger as another process sees it, which waits for no database. */
export function open(url: string, { now, log }: { now?: () => number; log?: Logger } = {}) {
  return openPostgresLedger({ url, waitMs: 0, ...(now && { now }), ...(log && { log }) });
}
