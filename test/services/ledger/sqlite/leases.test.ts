import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../../../src/services/ledger/sqlite/ledger.ts';
import { reservation } from '../requests.ts';

test('whoever opens the file takes over what earlier processes served', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const path = join(folder, 'imagine.sqlite');
  const first = openLedger({ path });
  const id = await first.generations.reserve(reservation);
  first.close();
  const second = openLedger({ path });
  expect(await second.leases.claim(10)).toEqual([id]);
  expect(await second.leases.claim(10)).toEqual([]);
  second.close();
  rmSync(folder, { recursive: true });
});
