/**
 * A fixed number of places in memory. A free place goes to the person with the fewest places, and among several such
 * people to the one who has waited longest. So nobody waits for all the images of somebody else.
 */
export interface MemoryBudget<Guest> {
  /** Whether somebody waits for a place. */
  readonly isSought: boolean;
  /**
   * Waits for a place for each of these, then lets all in together. A guest keeps a place that it has. Rejects with the
   * signal's reason.
   */
  enter(guests: readonly Guest[], signal: AbortSignal, person: string): Promise<void>;
  /**
   * From now on the guest has its place only until somebody else needs it; `leave` is called then. Entering again makes
   * the place its own again.
   */
  giveWay(guest: Guest, leave: () => void): void;
  leave(guest: Guest): void;
}

interface Place {
  readonly person: string;
  /** Called when a guest that gives way loses its place; null for a guest that doesn't give way. */
  readonly leave: (() => void) | null;
}

interface Visitor<Guest> {
  readonly guests: readonly Guest[];
  readonly person: string;
  readonly admit: () => void;
}

export function createMemoryBudget<Guest>(size: number): MemoryBudget<Guest> {
  const inside = new Map<Guest, Place>();
  const waiting = new Set<Visitor<Guest>>();

  function admitWhoFits(): void {
    for (let visitor = next(); visitor; visitor = next()) {
      // Everybody behind waits too. Otherwise a visitor who needs many places would never find them free.
      if (!makeRoomFor(visitor)) return;
      waiting.delete(visitor);
      visitor.admit();
    }
  }

  function next(): Visitor<Guest> | undefined {
    const taken = new Map<string, number>();
    for (const { person, leave } of inside.values())
      if (!leave) taken.set(person, (taken.get(person) ?? 0) + 1);
    const takenBy = ({ person }: Visitor<Guest>) => taken.get(person) ?? 0;
    let best: Visitor<Guest> | undefined;
    for (const visitor of waiting) if (!best || takenBy(visitor) < takenBy(best)) best = visitor;
    return best;
  }

  /** Evicts guests only if that makes enough room. */
  function makeRoomFor({ guests, person }: Pick<Visitor<Guest>, 'guests' | 'person'>): boolean {
    const newcomers = guests.filter((guest) => !inside.has(guest)).length;
    const tooMany = Math.max(0, inside.size + newcomers - size);
    const leaving = [...inside]
      .filter(([guest, { leave }]) => leave && !guests.includes(guest))
      .slice(0, tooMany);
    if (leaving.length < tooMany) return false;
    for (const [guest, { leave }] of leaving) {
      inside.delete(guest);
      leave?.();
    }
    for (const guest of guests) inside.set(guest, { person, leave: null });
    return true;
  }

  return {
    get isSought() {
      return waiting.size > 0;
    },
    async enter(guests, signal, person) {
      if (guests.length > size) throw new RangeError(`there are no ${guests.length} places, only ${size}`);
      signal.throwIfAborted();
      const areInside = guests.every((guest) => inside.has(guest));
      if ((areInside || waiting.size === 0) && makeRoomFor({ guests, person })) return;
      const admitted = Promise.withResolvers<void>();
      const visitor = { guests, person, admit: admitted.resolve };
      const goAway = () => {
        waiting.delete(visitor);
        admitted.reject(signal.reason);
        admitWhoFits();
      };
      signal.addEventListener('abort', goAway);
      waiting.add(visitor);
      await admitted.promise.finally(() => signal.removeEventListener('abort', goAway));
    },
    giveWay(guest, leave) {
      const place = inside.get(guest);
      if (!place) return;
      inside.set(guest, { ...place, leave });
      admitWhoFits();
    },
    leave(guest) {
      inside.delete(guest);
      admitWhoFits();
    },
  };
}
