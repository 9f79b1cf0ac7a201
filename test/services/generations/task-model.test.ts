import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Job } from '../../../src/services/generations/job.ts';
import { KEPT_IMAGE, type Task, type TaskState } from '../../../src/services/ledger/rows.ts';
import type { TaskLedger } from '../../../src/services/ledger/tasks.ts';
import { canReopen, type Transition, transitions } from '../../../src/services/ledger/transitions.ts';
import { generationRow, HELD } from '../rows.ts';

/** Everything that can happen to a task, in any order: a step, a full disk, room again, kill -9 and a new process. */
const EVENTS = [
  'submit',
  'run',
  'putBack',
  'refuse',
  'leaveUnconfirmed',
  'confirm',
  'bill',
  'complete',
  'completeAtOnce',
  'answer',
  'readdress',
  'keepImage',
  'fail',
  'expire',
  'cancel',
  'deliver',
  'giveUp',
  'reopen',
  'disk full',
  'disk free',
  'crash',
] as const;
type Event = (typeof EVENTS)[number];

test('no order of events, full disks and crashes breaks what is promised of a task', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), async (events) => {
      const world = createWorld();
      for (const event of events) {
        const before = world.task.row;
        await world.happen(event);
        expectPromises(world);
        if (event !== 'crash') expectNothingForgotten(before, world.task.row);
      }
    }),
    { numRuns: 500 },
  );
});

test('after a crash in the middle of a create nothing leads to another one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...EVENTS), { maxLength: 20 }), async (events) => {
      const world = createWorld();
      await world.happen('submit');
      await world.happen('crash');
      expect(world.task.row.state).toBe('unconfirmed');
      for (const event of events) await world.happen(event);
      expect(world.creates).toBe(1);
    }),
  );
});

test('what a full disk kept from being written is written in one go once there is room', async () => {
  const world = createWorld();
  await world.happen('submit');
  await world.happen('disk full');
  await world.happen('run');
  await world.happen('complete');
  expect(world.disk.state).toBe('submitting');
  await world.happen('disk free');
  expect(world.disk).toMatchObject({
    state: 'completed',
    serviceTaskId: 'service-1',
    imageUrl: 'https://x/1.png',
  });
});

function expectPromises({
  task: { row, onDisk },
  disk,
  creates,
  paid,
}: ReturnType<typeof createWorld>): void {
  expect(creates, 'sent again after an outcome that is no certain refusal').toBeLessThanOrEqual(1);
  expect(paid || row.serviceTaskId === null, 'a task that was never sent').toBe(true);
  expect(disk.state, 'the process is wrong about the disk').toBe(onDisk);
  const isInReach =
    row.serviceTaskId !== null ||
    row.answer !== null ||
    (row.imageUrl === KEPT_IMAGE && row.imageFile !== null);
  if (WITH_SERVICE_TASK.has(row.state)) expect(row.serviceTaskId).not.toBeNull();
  if (canReopen(row)) expect(isInReach).toBe(true);
  if (MADE.has(row.state)) expect(row.imageUrl ?? row.answer).not.toBeNull();
  if (OVER.has(row.state)) expect(row.endedAt).not.toBeNull();
  if (row.state === 'running' || row.state === 'reserved') expect(row.reason).toBeNull();
}

function expectNothingForgotten(before: Task, after: Task): void {
  if (before.serviceTaskId) expect(after.serviceTaskId).toBe(before.serviceTaskId);
  if (before.state === 'delivered') expect(after.state).toBe('delivered');
  if (before.cost !== null) expect(after.cost).toBe(before.cost);
  if (before.answer !== null) expect(after.answer).toBe(before.answer);
}

const WITH_SERVICE_TASK: ReadonlySet<TaskState> = new Set(['running', 'failed', 'expired']);
const MADE: ReadonlySet<TaskState> = new Set(['completed', 'delivered', 'undeliverable']);
const OVER: ReadonlySet<TaskState> = new Set([
  'completed',
  'delivered',
  'failed',
  'expired',
  'cancelled',
  'refused',
  'unconfirmed',
]);

const STEPS: Partial<Record<Event, Transition>> = {
  submit: transitions.submit(1),
  run: transitions.run('service-1', 2),
  putBack: transitions.putBack(),
  refuse: transitions.refuse({ reason: 'credit' }, 3),
  leaveUnconfirmed: transitions.leaveUnconfirmed(null, 3),
  confirm: transitions.confirm('service-1', 4),
  bill: transitions.bill(0.12),
  complete: transitions.complete('https://x/1.png', 4),
  completeAtOnce: transitions.completeAtOnce({ file: 'kept.png' }, 4),
  answer: transitions.answer('a fox in the snow', 4, 0.002),
  readdress: transitions.readdress('https://x/other.png'),
  keepImage: transitions.keepImage('1.png'),
  fail: transitions.fail({ reason: 'model-failed' }, 4),
  expire: transitions.expire(4),
  cancel: transitions.cancel(4, 9),
  deliver: transitions.deliver(null),
  giveUp: transitions.giveUp('image-unreachable'),
  reopen: transitions.reopen(5),
};

/** The worker's own transitions between a process that can die and a disk that can be full. */
function createWorld() {
  const world = {
    disk: freshTask(),
    diskFull: false,
    paid: false,
    /** Creates since the last one that was certainly refused. */
    creates: 0,
    get task() {
      return only(job);
    },
    async happen(event: Event): Promise<void> {
      if (event === 'disk full') world.diskFull = true;
      else if (event === 'disk free') await freeTheDisk();
      else if (event === 'crash') await startAnew();
      else await step(event);
    },
  };
  const ledger: TaskLedger = {
    async save(from, task) {
      if (world.diskFull) throw new Error('disk full');
      if (world.disk.state !== from) return false;
      world.disk = task;
      return true;
    },
  };
  let job = jobOf(freshTask(), ledger);

  async function freeTheDisk() {
    world.diskFull = false;
    if (world.task.onDisk !== world.task.row.state) await job.catchUp(only(job));
  }

  async function startAnew() {
    world.diskFull = false;
    job = jobOf(world.disk, ledger);
    if (world.disk.state === 'submitting') await job.apply(only(job), transitions.leaveUnconfirmed(null, 9));
  }

  function isPossible(event: Event): boolean {
    switch (event) {
      case 'reopen':
        return canReopen(world.task.row);
      // Only a process that the service has told of the task knows its id.
      case 'confirm':
        return world.paid;
      // Only the service names another address, and only for a task that it has.
      case 'readdress':
        return world.task.row.serviceTaskId !== null;
      default:
        return true;
    }
  }

  async function step(event: Event) {
    const next = STEPS[event];
    if (!next?.from.includes(world.task.row.state) || !isPossible(event)) return;
    if (event !== 'submit') {
      await job.apply(only(job), next);
      if (event === 'putBack') world.creates -= 1;
      return;
    }
    // As `submit` does: nothing is sent that isn't on disk.
    const written = await job.applyOnDisk(only(job), next).then(
      () => true,
      () => false,
    );
    if (!written) return;
    world.paid = true;
    world.creates += 1;
  }

  return world;
}

function jobOf(row: Task, ledger: TaskLedger): Job {
  const stored = { generation: generationRow(), tasks: [row], references: [] };
  return new Job(stored, {
    ledger,
    log: pino({ level: 'silent' }),
    stopping: new AbortController().signal,
    halt: new AbortController().signal,
    isCancelled: false,
    lease: HELD,
    defer: async () => undefined,
  });
}

function only({ tasks }: Job): Job['tasks'][number] {
  const [task] = tasks;
  if (!task) throw new Error('a job has its tasks');
  return task;
}

function freshTask(): Task {
  return {
    id: 't',
    generationId: 'g',
    state: 'reserved',
    serviceTaskId: null,
    imageUrl: null,
    imageFile: null,
    thumbnailFile: null,
    attachmentId: null,
    reason: null,
    serviceWords: null,
    submittedAt: null,
    watchedSince: null,
    endedAt: null,
    busyUntil: null,
    cost: null,
    answer: null,
  };
}
