/** Runs work once there is capacity for it, fairly between people, and resolves with its result. */
export type Semaphore = <T>(needed: number, person: string, work: () => Promise<T>) => Promise<T>;

interface Waiter {
  readonly weight: number;
  readonly person: string;
  readonly admit: () => void;
}

/**
 * The next to be admitted is the oldest work of the person who has the least running; among equals, of the person
 * whose last turn was longest ago. However much one person brings, others wait for no more than one piece of it. Work
 * that needs more than `capacity` runs alone; `perPerson` is the most that one person may have running.
 */
export function createSemaphore(capacity: number, perPerson = Number.POSITIVE_INFINITY): Semaphore {
  const queue: Waiter[] = [];
  const running = new Map<string, number>();
  const lastTurns = new Map<string, number>();
  let free = capacity;
  let turns = 0;

  function next(): Waiter | undefined {
    const runningOf = ({ person }: Waiter) => running.get(person) ?? 0;
    const lastTurnOf = ({ person }: Waiter) => lastTurns.get(person) ?? 0;
    let best: Waiter | undefined;
    for (const waiter of queue) {
      if (runningOf(waiter) > 0 && runningOf(waiter) + waiter.weight > perPerson) continue;
      if (!best || runningOf(waiter) < runningOf(best)) best = waiter;
      else if (runningOf(waiter) === runningOf(best) && lastTurnOf(waiter) < lastTurnOf(best)) best = waiter;
    }
    return best;
  }

  function admitNext(): void {
    for (let waiter = next(); waiter && waiter.weight <= free; waiter = next()) {
      queue.splice(queue.indexOf(waiter), 1);
      free -= waiter.weight;
      running.set(waiter.person, (running.get(waiter.person) ?? 0) + waiter.weight);
      turns += 1;
      lastTurns.set(waiter.person, turns);
      waiter.admit();
    }
  }

  function release(person: string, weight: number): void {
    free += weight;
    const left = (running.get(person) ?? 0) - weight;
    if (left > 0) running.set(person, left);
    else running.delete(person);
    // A person with nothing running or queued is forgotten.
    if (left <= 0 && !queue.some((waiter) => waiter.person === person)) lastTurns.delete(person);
    admitNext();
  }

  return async (needed, person, work) => {
    const weight = Math.min(needed, capacity);
    await new Promise<void>((admit) => {
      queue.push({ weight, person, admit });
      admitNext();
    });
    try {
      return await work();
    } finally {
      release(person, weight);
    }
  };
}
