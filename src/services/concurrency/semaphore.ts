/** Lets work in as long as all that is inside together needs no more than there is room for; in turn by person. */
export type Semaphore = <T>(needed: number, person: string, work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly share: number;
  readonly person: string;
  readonly enter: () => void;
}

/**
 * Next is always the oldest work of whoever has the least inside, and of those whoever has waited longest since their
 * last turn: however much one person brings, others wait for no more than one of it. What needs more than all the room
 * gets it alone; `perPerson` is the most that one person may have inside.
 */
export function createSemaphore(room: number, perPerson = Number.POSITIVE_INFINITY): Semaphore {
  const waiting: Waiting[] = [];
  const inside = new Map<string, number>();
  const lastTurns = new Map<string, number>();
  let free = room;
  let turns = 0;

  function next(): Waiting | undefined {
    const insideOf = ({ person }: Waiting) => inside.get(person) ?? 0;
    const lastTurnOf = ({ person }: Waiting) => lastTurns.get(person) ?? 0;
    let best: Waiting | undefined;
    for (const one of waiting) {
      if (insideOf(one) > 0 && insideOf(one) + one.share > perPerson) continue;
      if (!best || insideOf(one) < insideOf(best)) best = one;
      else if (insideOf(one) === insideOf(best) && lastTurnOf(one) < lastTurnOf(best)) best = one;
    }
    return best;
  }

  function letIn(): void {
    for (let one = next(); one && one.share <= free; one = next()) {
      waiting.splice(waiting.indexOf(one), 1);
      free -= one.share;
      inside.set(one.person, (inside.get(one.person) ?? 0) + one.share);
      turns += 1;
      lastTurns.set(one.person, turns);
      one.enter();
    }
  }

  function leave(person: string, share: number): void {
    free += share;
    const left = (inside.get(person) ?? 0) - share;
    if (left > 0) inside.set(person, left);
    else inside.delete(person);
    // Whoever has nothing here any more is forgotten.
    if (left <= 0 && !waiting.some((one) => one.person === person)) lastTurns.delete(person);
    letIn();
  }

  return async (needed, person, work) => {
    const share = Math.min(needed, room);
    await new Promise<void>((enter) => {
      waiting.push({ share, person, enter });
      letIn();
    });
    try {
      return await work();
    } finally {
      leave(person, share);
    }
  };
}
