import { DatabaseSync } from 'node:sqlite';
import { createFileStore } from '../src/services/images/file-store.ts';
import { EVERYTHING } from '../src/services/ledger/history.ts';
import type { Ledger } from '../src/services/ledger/ledger.ts';
import { exportPersonalData } from '../src/services/ledger/personal-data.ts';
import type { Reservation } from '../src/services/ledger/reserve.ts';
import { filesBeside } from '../src/services/ledger/sqlite/files-beside.ts';
import { openLedger } from '../src/services/ledger/sqlite/ledger.ts';
import { transitions } from '../src/services/ledger/transitions.ts';
import { createLogger } from '../src/services/log.ts';
import { sweepFiles } from '../src/services/process/housekeeping.ts';
import { NO_LIMITS, type RequestLimits } from '../src/services/request/limits.ts';
import { CHARGES_DAYS, HEAVY_PERSON } from './year-of-requests.ts';

const AT_ONCE = 200;
const DAY_MS = 24 * 60 * 60_000;
const DAYS = 30;
/** The earlier runs of housekeeping. */
const RUNS_BEFORE = 5;
const JOBS_SHOWN = 10;
const PART_BYTES = 10 * 1024 * 1024;
const LIMITS: RequestLimits = {
  person: { running: 3, waiting: 10, perDay: 10_000 },
  member: NO_LIMITS,
  server: { running: 1000, waiting: 10_000, perDay: 1_000_000 },
  overall: { tasks: 100_000, perDay: 1_000_000 },
  unit: 'coins',
};

/** A full ledger, and the requests under way in it. */
export interface BusyLedger {
  ledger: Ledger;
  readonly path: string;
  readonly underWay: string[];
  /** How many requests there were so far. */
  asked: number;
  reopen(): void;
  close(): void;
}

export function createBusyLedger(path: string): BusyLedger {
  const busy: BusyLedger = {
    ledger: openLedger({ path }),
    path,
    underWay: [],
    asked: 0,
    reopen() {
      busy.ledger.close();
      busy.ledger = openLedger({ path });
    },
    close: () => busy.ledger.close(),
  };
  return busy;
}

export type Action = (typeof actions)[number]['name'];

/** Actions of a person, the clock, a scrape or the start, in an order in which each finds the data that it needs. */
export const actions = [
  {
    name: 'reserve',
    about: `Reserve ${AT_ONCE} at once, limits for everybody`,
    isRepeated: true,
    run: reserve,
  },
  { name: 'scrape', about: 'A scrape, 1,000 requests under way', isRepeated: true, run: scrape },
  {
    name: 'start',
    about: 'The look at the start, 1,000 requests under way',
    isRepeated: true,
    run: lookAtStart,
  },
  { name: 'settle', about: `Settle ${AT_ONCE} at once`, isRepeated: true, run: settle },
  {
    name: 'page',
    about: 'A page of the heavy person’s history',
    isRepeated: true,
    run: (busy: BusyLedger) => page(busy, ''),
  },
  {
    name: 'search',
    about: 'A search in it',
    isRepeated: true,
    run: (busy: BusyLedger) => page(busy, 'fox snow 3'),
  },
  { name: 'jobs', about: 'What `/jobs` shows them', isRepeated: true, run: jobs },
  { name: 'summary', about: 'What `/privacy` says of them', isRepeated: true, run: summary },
  { name: 'balance', about: 'What `/balance` says was spent', isRepeated: true, run: spent },
  { name: 'export', about: 'Their export', isRepeated: true, run: exportAll },
  { name: 'housekeeping', about: 'Housekeeping of one day', isRepeated: true, run: keepDay },
  {
    name: 'backup',
    about: 'The same while a backup reads, and the first writes after it',
    isRepeated: true,
    run: keepDayBesideReader,
  },
  { name: 'delete', about: 'Delete everything of theirs', isRepeated: false, run: deleteAll },
] as const;

async function reserve(busy: BusyLedger): Promise<void> {
  const reserved = Array.from({ length: AT_ONCE }, () => busy.ledger.generations.reserve(nextOf(busy)));
  for (const id of await Promise.all(reserved)) {
    if (typeof id !== 'string') throw new Error(`a request was not reserved: ${JSON.stringify(id)}`);
    busy.underWay.push(id);
  }
}

async function scrape({ ledger }: BusyLedger): Promise<void> {
  await ledger.proveWritable();
  await ledger.load.tasks();
  await ledger.load.waiting();
}

async function lookAtStart(busy: BusyLedger): Promise<void> {
  busy.reopen();
  const { ledger, path } = busy;
  await ledger.turns.decide(() => []);
  for (const id of await ledger.generations.unsettled()) await ledger.generations.find(id);
  const log = createLogger({ level: 'silent', secrets: [] });
  await sweepFiles({ files: createFileStore(filesBeside(path), ledger.storedData.isUsed), log });
}

async function settle({ ledger, underWay }: BusyLedger): Promise<void> {
  const now = Date.now();
  await Promise.all(
    underWay.splice(0, AT_ONCE).map(async (id) => {
      const { tasks = [] } = (await ledger.generations.find(id)) ?? {};
      const delivered = tasks.map((task) => {
        const running = transitions.run(`service-${task.id}`, now, 0.05).to(transitions.submit(now).to(task));
        const completed = transitions.complete('https://images.example/1.png', now).to(running);
        return { from: task.state, task: transitions.deliver('attachment').to(completed) };
      });
      await ledger.generations.settle(id, { id: `message-${id}`, channelId: '400' }, delivered);
    }),
  );
}

async function page({ ledger }: BusyLedger, search: string): Promise<void> {
  const { items } = await ledger.history.sheet(HEAVY_PERSON, { ...EVERYTHING, search }, null);
  if (items.length === 0) throw new Error('the page is empty');
}

async function jobs({ ledger }: BusyLedger): Promise<void> {
  await ledger.generations.recentOf(HEAVY_PERSON, JOBS_SHOWN);
}

async function summary({ ledger }: BusyLedger): Promise<void> {
  await ledger.storedData.summary(HEAVY_PERSON);
}

async function spent({ ledger }: BusyLedger): Promise<void> {
  await ledger.spending.since(Date.now() - DAY_MS, 10);
  await ledger.spending.totalSince(Date.now() - 7 * DAY_MS);
}

async function exportAll({ ledger }: BusyLedger): Promise<void> {
  for await (const _ of exportPersonalData(ledger, HEAVY_PERSON, PART_BYTES));
}

/** A reader keeps the write-ahead log from being emptied, which has to follow afterwards. */
async function keepDayBesideReader(busy: BusyLedger, run: number): Promise<void> {
  const reader = new DatabaseSync(busy.path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM warnings').get();
  await keepDay(busy, RUNS_BEFORE + run);
  reader.close();
  await busy.ledger.proveWritable();
  while (!(await busy.ledger.emptyLog()));
}

/** Deletes the oldest remaining day, and the charges of a fifth of a day. */
async function keepDay({ ledger }: BusyLedger, run: number): Promise<void> {
  const now = Date.now();
  await ledger.generations.forgetTokens(now);
  await ledger.storedData.forgetBefore(now - (DAYS - 1 - run) * DAY_MS);
  await ledger.charges.forgetBefore(now - (CHARGES_DAYS - (run + 1) / 5) * DAY_MS);
  await ledger.charges.forgetSumsBefore(now - 8 * DAY_MS);
  await ledger.emptyLog();
}

async function deleteAll({ ledger }: BusyLedger): Promise<void> {
  await ledger.storedData.forget(HEAVY_PERSON);
  await ledger.emptyLog();
}

function nextOf(busy: BusyLedger): Reservation {
  busy.asked += 1;
  return {
    interactionId: `asked-${busy.asked}`,
    parentId: null,
    parentUrl: null,
    applicationId: '200',
    token: 'interaction-token',
    userId: `asker-${busy.asked}`,
    guildId: '71',
    channelId: '400',
    message: null,
    draftId: null,
    private: false,
    adapted: false,
    named: true,
    lasting: true,
    locale: 'en-US',
    attachmentSizeLimit: PART_BYTES,
    request: {
      prompt: 'a fox',
      model: 'gpt-image-2',
      ratio: 'auto',
      resolution: '1k',
      quality: 'high',
      transparent: false,
      count: 1,
    },
    limits: LIMITS,
    cost: 0.5,
    references: [],
  };
}
