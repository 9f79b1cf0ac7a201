import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { drawDuration } from './durations.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { seededRandom } from './random.ts';
import type { Reference } from './references.ts';
import type { TaskRequest } from './task-request.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long the service keeps uploads and results. */
export const FILE_LIFETIME_MS = 3 * DAY_MS;

const QUEUED_SHARE = 0.1;

/** The facts that are fixed when a task is created; times are in milliseconds by the sandbox's clock. */
export interface TaskPlan {
  readonly id: string;
  /** Order of creation, from 0: durations and pictures depend on it. */
  readonly order: number;
  readonly request: TaskRequest;
  readonly references: readonly Reference[];
  readonly misbehaviour: Misbehaviour | null;
  readonly coins: number;
  readonly createdAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface TaskState {
  readonly status: 'queued' | 'processing' | 'completed' | 'failed';
  /** 0–100. */
  readonly progress: number;
}

/** A task as it is at one moment. */
export interface Task extends TaskPlan, TaskState {
  /** How often it was queried, and its image fetched. */
  readonly queries: number;
  readonly downloads: number;
}

interface TaskRow extends TaskPlan {
  queries: number;
  downloads: number;
}

export type Tasks = ReturnType<typeof createTasks>;

/** Every task of the service. `speed` divides the models' durations; `seed` fixes them by order of creation. */
export function createTasks({ clock, speed, seed }: { clock: Clock; speed: number; seed: number }) {
  const rows = new Map<string, TaskRow>();
  const snapshot = (row: TaskRow): Task => ({ ...row, ...stateAt(row, clock.now()) });
  const count = (field: 'queries' | 'downloads') => (id: string) => {
    const row = rows.get(id);
    if (!row) return null;
    row[field] += 1;
    return snapshot(row);
  };

  return {
    create(
      request: TaskRequest,
      references: readonly Reference[],
      misbehaviour: Misbehaviour | null,
      coins: number,
    ): Task {
      const slowness = misbehaviour?.kind === 'slow' ? misbehaviour.factor : 1;
      const order = rows.size;
      const duration = (drawDuration(request, seededRandom(seed, order)) * slowness) / speed;
      const createdAt = clock.now();
      const row: TaskRow = {
        id: randomUUID(),
        order,
        request,
        references,
        misbehaviour,
        coins,
        createdAt,
        startsAt: createdAt + duration * QUEUED_SHARE,
        endsAt: createdAt + duration,
        queries: 0,
        downloads: 0,
      };
      rows.set(row.id, row);
      return snapshot(row);
    },
    /** The task after one more query or download; null when there is none. */
    query: count('queries'),
    download: count('downloads'),
    find(id: string): Task | null {
      const row = rows.get(id);
      return row ? snapshot(row) : null;
    },
    all: (): Task[] => [...rows.values()].map(snapshot),
  };
}

/** The state of a task at a moment; it depends on nothing else. */
function stateAt({ startsAt, endsAt, misbehaviour }: TaskPlan, now: number): TaskState {
  if (now < startsAt) return { status: 'queued', progress: 0 };
  if (now < endsAt || neverEnds(misbehaviour)) {
    const share = Math.min(1, (now - startsAt) / (endsAt - startsAt));
    return { status: 'processing', progress: 1 + Math.floor(98 * share) };
  }
  return misbehaviour?.kind === 'failed' || misbehaviour?.kind === 'failed-oddly'
    ? { status: 'failed', progress: 0 }
    : { status: 'completed', progress: 100 };
}

function neverEnds(misbehaviour: Misbehaviour | null): boolean {
  return (
    misbehaviour?.kind === 'stuck' || (misbehaviour?.kind === 'unknown-status' && !!misbehaviour.forever)
  );
}
