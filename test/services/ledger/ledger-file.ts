import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import { openLedger } from '../../../src/services/ledger/sqlite/ledger.ts';
import { createRequests, type Requests } from './requests.ts';

/** A real ledger in a folder of its own. */
export interface LedgerFile extends Requests {
  readonly ledger: Ledger;
  readonly path: string;
  /** What the ledger takes for the time. */
  now: number;
  /** As a new process would find it. */
  reopen(): void;
  /** Does something to the file while no process has it open. */
  whileClosed(work: () => Promise<void>): Promise<void>;
  remove(): void;
}

export function createLedgerFile(
  path = join(mkdtempSync(join(tmpdir(), 'ledger-')), 'imagine.sqlite'),
): LedgerFile {
  const open = () => openLedger({ path, now: () => house.now });
  const house = { now: 1_000, ledger: null as unknown as Ledger };
  house.ledger = open();
  return {
    ...createRequests(house),
    get ledger() {
      return house.ledger;
    },
    path,
    get now() {
      return house.now;
    },
    set now(time) {
      house.now = time;
    },
    reopen() {
      void house.ledger.close();
      house.ledger = open();
    },
    async whileClosed(work) {
      await house.ledger.close();
      try {
        await work();
      } finally {
        house.ledger = open();
      }
    },
    remove() {
      void house.ledger.close();
      rmSync(join(path, '..'), { recursive: true });
    },
  };
}
