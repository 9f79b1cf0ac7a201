import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { NO_LIMITS } from '../../../../src/services/request/limits.ts';
import { UNLIMITED } from '../../../support/unlimited.ts';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

const DAY_MS = 24 * 60 * 60_000;
const START = 1_700_000_000_000;

describe('an older ledger', () => {
  const open = (rows: string): LedgerFile => {
    const path = join(mkdtempSync(join(tmpdir(), 'schema-5-')), 'imagine.sqlite');
    const db = new DatabaseSync(path);
    db.exec(readFileSync(new URL('schema-5.sql', import.meta.url), 'utf8'));
    db.exec(`INSERT INTO charges VALUES ${rows}`);
    db.close();
    return createLedgerFile(path);
  };

  test('in which images were counted knows no price of them, and still counts them', async () => {
    const old = open(
      `('t-1', 'ann', 'server', 'gpt-image-2', 1, ${START}), ('t-2', 'ann', NULL, 'gpt-image-2', 1, ${START})`,
    );
    expect(await old.ledger.spending.totalSince(START - DAY_MS)).toEqual({ images: 2, coins: 0 });
    expect(await old.ledger.charges.of('ann')).toMatchObject([{ coins: 0 }, { coins: 0 }]);
    old.now = START + 1;
    const limits = { ...UNLIMITED, person: { ...NO_LIMITS, perDay: 2 } };
    expect(await old.ask({ userId: 'ann', limits })).toMatchObject({ used: 2 });
    old.remove();
  });

  test('in which coins were counted keeps them', async () => {
    const old = open(
      `('t-1', 'ann', 'server', 'gpt-image-2', 1, ${START}), ('t-2', 'ann', NULL, 'gpt-image-2', 0.5, ${START + 1})`,
    );
    expect(await old.ledger.spending.totalSince(START - DAY_MS)).toEqual({ images: 2, coins: 1.5 });
    expect(await old.ledger.charges.of('ann')).toMatchObject([{ coins: 1 }, { coins: 0.5 }]);
    old.remove();
  });
});
