import type { Queue } from './queue.ts';

/** Keeps the places of generations that nobody waits for any more, as long as the service is busy with them. */
export interface LeftBehind {
  /** From now on nobody serves it: it leaves the queue at once, or by then. */
  leave(id: string, busyUntil: number): void;
  /** It is served again, and leaves when that is over. */
  takeUp(id: string): void;
}

export function createLeftBehind({
  queue,
  now,
}: {
  queue: Pick<Queue, 'left'>;
  now: () => number;
}): LeftBehind {
  const leaving = new Map<string, NodeJS.Timeout>();

  function leaveNow(id: string): void {
    leaving.delete(id);
    queue.left(id, 0);
  }

  return {
    leave(id, busyUntil) {
      const leftMs = busyUntil - now();
      if (leftMs <= 0) leaveNow(id);
      else leaving.set(id, setTimeout(leaveNow, leftMs, id).unref());
    },
    takeUp(id) {
      clearTimeout(leaving.get(id));
      leaving.delete(id);
    },
  };
}
