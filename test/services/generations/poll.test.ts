import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Job } from '../../../src/services/generations/job.ts';
import { type PollDeps, poll } from '../../../src/services/generations/stages/poll.ts';
import type { JimmyAi, TaskReport } from '../../../src/services/jimmyai/client.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import { createSchedule } from '../../../src/services/polling/index.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';
import { HELD } from '../rows.ts';

const HOUR = 60 * 60_000;
const DEADLINE = HOUR / 2;
const RUNNING: TaskReport = { status: 'running', progress: null, serviceStatus: 'processing' };
const COMPLETED: TaskReport = {
  status: 'completed',
  imageUrl: 'https://x.example/1.png',
  completedAt: null,
};

let file: LedgerFile;
let wall: number;
let elapsed: number;
beforeEach(() => {
  file = createLedgerFile();
  [wall, elapsed] = [1_700_000_000_000, 0];
});
afterEach(() => file.remove());

test.each([
  ['an hour forward', HOUR],
  ['a day forward', 24 * HOUR],
  ['an hour back', -HOUR],
])('a clock that is set %s gives up no image that is under way', async (_, ms) => {
  const { task } = await polled((query) => {
    if (query === 1) wall += ms;
    return query < 3 ? RUNNING : COMPLETED;
  });
  expect(task.row).toMatchObject({ state: 'completed', imageUrl: COMPLETED.imageUrl });
});

test('a clock that is set back makes nobody wait past the deadline', async () => {
  const { task, queries } = await polled((query) => {
    if (query === 1) wall -= 24 * HOUR;
    if (query === 2) elapsed += DEADLINE;
    return query < 3 ? RUNNING : COMPLETED;
  });
  expect(task.row).toMatchObject({ state: 'expired', reason: 'deadline' });
  expect(queries).toBe(2);
});

test('a task that began, as the clock has it, only tomorrow is waited for until the deadline after a restart', async () => {
  const begunAt = wall + 24 * HOUR;
  const { task, queries } = await polled((query) => {
    if (query === 2) elapsed += DEADLINE;
    return query < 3 ? RUNNING : COMPLETED;
  }, begunAt);
  expect(task.row.state).toBe('expired');
  expect(queries).toBe(2);
});

/** Polls a task until it is over; the service answers as it is told to. */
async function polled(answer: (query: number) => TaskReport, begunAt = wall) {
  const id = await file.reserve({ references: [] });
  const reserved = (await file.ledger.generations.find(id))?.tasks ?? [];
  for (const task of reserved) {
    await file.ledger.tasks.save(
      task.state,
      transitions.run('service-task', begunAt).to(transitions.submit(begunAt).to(task)),
    );
  }
  const stored = await file.ledger.generations.find(id);
  if (!stored) throw new Error('what was reserved is in the ledger');
  const patient = new AbortController().signal;
  const log = pino({ level: 'silent' });
  const job = new Job(stored, {
    ledger: file.ledger.tasks,
    log,
    stopping: patient,
    halt: patient,
    isCancelled: false,
    lease: HELD,
    defer: null,
  });
  const [task] = job.tasks;
  if (!task) throw new Error('the request has a task');
  let queries = 0;
  const { durations } = file.ledger;
  const now = () => wall;
  const deps = {
    schedule: createSchedule({
      earlier: new Map(),
      durations,
      pollMinMs: 1,
      pollMaxMs: 2,
      elapsed: () => elapsed,
    }),
    service: {
      queryImageTask: async () => {
        queries += 1;
        return answer(queries);
      },
    } as Partial<JimmyAi> as JimmyAi,
    observer: { noticed: () => undefined },
    isOutlived: () => false,
    taskDeadlineMs: DEADLINE,
    now,
    elapsed: () => elapsed,
  } satisfies PollDeps;
  await poll(task, job, deps);
  return { task, queries };
}
