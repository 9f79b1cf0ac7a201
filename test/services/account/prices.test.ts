import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrices, type Prices } from '../../../src/services/account/prices.ts';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import type { CostTable } from '../../../src/services/request/costs.ts';
import { MODEL_IDS } from '../../../src/services/request/models.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';

const fox = { model: 'gpt-image-2', resolution: '1k', quality: null } as const;
const away = new ImageServiceError('unreachable', 'no', { charged: 'no' });

let file: LedgerFile;
let lines: { level: number; msg: string }[];
let prices: Prices;
/** What the service answers, one question after the other; the last answer repeats. */
let answers: (ImageServiceError | Record<string, number>)[];
let asked: number;

beforeEach(() => {
  file = createLedgerFile();
  [lines, answers, asked] = [[], [{ 'gpt-image-2': 0.06, 'seedance2.5': 1 }], 0];
});
afterEach(async () => {
  await prices.stop();
  file.remove();
});

async function start(table: CostTable | null = null, dayMs = 3_600_000): Promise<void> {
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  const service = {
    async queryCatalog() {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? away;
      asked += 1;
      if (answer instanceof Error) throw answer;
      return new Map(Object.entries(answer));
    },
  };
  prices = await createPrices({ service, ledger: file.ledger.prices, table, models: MODEL_IDS, log, dayMs });
  prices.start();
}

const logged = (words: RegExp) => lines.filter(({ msg }) => words.test(msg)).length;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('the public prices count once they were read, and are kept for the next process', async () => {
  await start();
  await until(() => logged(/were read/) === 1);
  expect(await prices.estimate(fox, 0)).toBe(0.06);
  await prices.stop();
  answers = [away];
  await start();
  expect(await prices.estimate(fox, 0)).toBe(0.06);
  // The service sells more than images.
  expect([...(await file.ledger.prices.catalog()).keys()]).toEqual(['gpt-image-2']);
});

test('the host’s price counts before what the same last cost, and that before the public one', async () => {
  await start();
  await until(() => logged(/were read/) === 1);
  const bill = { 'gpt-image-2/1k/low': 0.05 };
  const last = {
    ...file.ledger.prices,
    lastCost: async (kind: string) => bill[kind as keyof typeof bill] ?? null,
  };
  const service = { queryCatalog: async () => new Map() };
  const deps = { service, models: MODEL_IDS, log: pino({ level: 'silent' }) };
  const billed = await createPrices({ ...deps, ledger: last, table: null });
  expect(await billed.estimate(fox, 0)).toBe(0.05);
  expect(await billed.estimate({ ...fox, resolution: '2k' }, 0)).toBe(0.06);
  const set = await createPrices({ ...deps, ledger: last, table: { 'gpt-image-2/1k': 0 } });
  expect(await set.estimate(fox, 0)).toBe(0);
  expect(await set.estimate({ ...fox, resolution: '2k' }, 0)).toBe(0.06);
  expect(await set.estimate({ ...fox, model: 'nano-banana' }, 0)).toBeNull();
});

test('they are read again every day, and where that fails, one line says so and what is known goes on to count', async () => {
  answers = [{ 'gpt-image-2': 0.06 }, away, { 'gpt-image-2': 0.07 }];
  await start(null, 1);
  await until(() => logged(/were read/) >= 2);
  expect(await prices.estimate(fox, 0)).toBe(0.07);
  expect(logged(/could not be read; what is known goes on to count/)).toBe(1);
  expect(await file.ledger.prices.catalog()).toEqual(new Map([['gpt-image-2', 0.07]]));
});

test('stopping ends the wait for the next day, and says nothing', async () => {
  await start();
  await until(() => asked === 1);
  await prices.stop();
  expect(lines.filter(({ level }) => level > 30)).toEqual([]);
});

test('where the service reports no prices, only the host’s count, and one line names those that no model has', async () => {
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  const table = { 'flux-dev': 0.01, 'nano-banana': 1 };
  const deps = { service: null, ledger: file.ledger.prices, log };
  prices = await createPrices({ ...deps, table, models: ['flux-dev', 'gpt-image-2'] });
  prices.start();
  expect(await prices.estimate({ ...fox, model: 'flux-dev' }, 0)).toBe(0.01);
  expect(await prices.estimate(fox, 0)).toBeNull();
  expect(lines).toEqual([expect.objectContaining({ unused: ['nano-banana'] })]);
});
