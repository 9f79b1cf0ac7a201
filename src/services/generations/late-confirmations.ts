import { setTimeout as delay } from 'node:timers/promises';
import type { StoredGeneration } from '../ledger/generations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Task } from '../ledger/rows.ts';
import { transitions } from '../ledger/transitions.ts';
import type { Logger } from '../log.ts';
import type { Job } from './job.ts';

export interface LateConfirmationDeps {
  readonly ledger: Pick<Ledger, 'generations' | 'leases'>;
  /** Serves these, whose leases last until `heldUntil` on the monotonic clock. */
  readonly take: (ids: readonly string[], heldUntil: number) => void;
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** What the service answered about tasks of a generation that this process has lost. */
interface Known {
  readonly tasks: ReadonlyMap<string, Pick<Task, 'cost'> & { readonly serviceTaskId: string }>;
  readonly until: number;
}

const LOOK_EVERY_MS = 1000;
/** Far longer than others need to settle what they took over. */
const LOOK_FOR_MS = 15 * 60_000;

/**
 * A process that is cut off from the ledger during a create learns the task's id and can't write it. Whoever takes the
 * generation over finds only that the task was being sent, and leaves it unconfirmed. Once that is settled, this process
 * writes the id and serves the generation, so that an image that was paid for still arrives.
 */
export function createLateConfirmations({ ledger, take, now, elapsed, log }: LateConfirmationDeps) {
  const { generations, leases } = ledger;
  const known = new Map<string, Known>();
  const stopping = new AbortController();
  let rounds: Promise<void> | null = null;

  /** Resolves with whether there is nothing left to do. */
  async function confirm(id: string, { tasks, until }: Known): Promise<boolean> {
    const stored = await generations.find(id);
    if (!stored) return true;
    if (stored.generation.settledAt === null) return elapsed() > until;
    const changes = stored.tasks.flatMap((task) => {
      const answer = tasks.get(task.id);
      if (!answer || task.state !== 'unconfirmed') return [];
      const confirmed = transitions.confirm(answer.serviceTaskId, now(), answer.cost ?? undefined);
      return [{ from: task.state, task: confirmed.to(task) }];
    });
    if (changes.length === 0) return true;
    const heldUntil = elapsed() + leases.lengthMs;
    if (!(await generations.resume(id, changes))) return false;
    log.info({ generation: id, tasks: changes.length }, 'the service has tasks that were left unconfirmed');
    take([id], heldUntil);
    return true;
  }

  async function confirmAll(): Promise<void> {
    for (const [id, each] of known) {
      if (stopping.signal.aborted) return;
      if (await confirm(id, each)) known.delete(id);
    }
  }

  async function look(): Promise<void> {
    while (known.size > 0 && !stopping.signal.aborted) {
      await delay(LOOK_EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      await confirmAll().catch((err) =>
        log.debug({ err }, 'unconfirmed tasks cannot be looked at; the next round tries again'),
      );
    }
    rounds = null;
  }

  return {
    /** Remembers what only this process knows of a generation whose lease it has lost. */
    remember({ generation, tasks }: Job): void {
      const unwritten = tasks.flatMap(({ row: { id, serviceTaskId, cost }, onDisk }) =>
        onDisk === 'submitting' && serviceTaskId !== null ? [[id, { serviceTaskId, cost }] as const] : [],
      );
      if (unwritten.length === 0) return;
      known.set(generation.id, { tasks: new Map(unwritten), until: elapsed() + LOOK_FOR_MS });
      rounds ??= look();
    },
    /** Adds what only this process knows, where it serves the generation again itself. */
    recall(stored: StoredGeneration): StoredGeneration {
      const answers = known.get(stored.generation.id)?.tasks;
      if (!answers) return stored;
      const tasks = stored.tasks.map((task) =>
        task.state === 'submitting' ? { ...task, ...answers.get(task.id) } : task,
      );
      return { ...stored, tasks };
    },
    async stop(): Promise<void> {
      stopping.abort();
      await rounds;
    },
  };
}
