/** Places in memory, of which there are so many. Whoever has to wait is served in turn, however many come together. */
export interface Room<Guest> {
  /** Somebody waits for a place. */
  readonly isSought: boolean;
  /** Lets these in at once, when there is a place for each; whoever is in keeps it. Rejects with the signal's reason. */
  enter(guests: readonly Guest[], signal: AbortSignal): Promise<void>;
  /**
   * From now on the guest has the place only for as long as nobody else needs it: `leave` is called then. Entering once
   * more ends that.
   */
  giveWay(guest: Guest, leave: () => void): void;
  leave(guest: Guest): void;
}

export function createRoom<Guest>(size: number): Room<Guest> {
  /** Who is in, and how whoever gives way leaves. */
  const inside = new Map<Guest, (() => void) | null>();
  const waiting = new Set<{ guests: readonly Guest[]; admit: () => void }>();

  function admitWhoFits(): void {
    for (const visitor of waiting) {
      // Whoever comes later waits, too: many places at once would else never be free.
      if (!makeRoomFor(visitor.guests)) return;
      waiting.delete(visitor);
      visitor.admit();
    }
  }

  /** Nobody has to leave in vain: only if it is enough. */
  function makeRoomFor(guests: readonly Guest[]): boolean {
    const newcomers = guests.filter((guest) => !inside.has(guest)).length;
    const tooMany = Math.max(0, inside.size + newcomers - size);
    const leaving = [...inside]
      .filter(([guest, leave]) => leave && !guests.includes(guest))
      .slice(0, tooMany);
    if (leaving.length < tooMany) return false;
    for (const [guest, leave] of leaving) {
      inside.delete(guest);
      leave?.();
    }
    for (const guest of guests) inside.set(guest, null);
    return true;
  }

  return {
    get isSought() {
      return waiting.size > 0;
    },
    async enter(guests, signal) {
      if (guests.length > size) throw new RangeError(`there are no ${guests.length} places, only ${size}`);
      signal.throwIfAborted();
      const areInside = guests.every((guest) => inside.has(guest));
      if ((areInside || waiting.size === 0) && makeRoomFor(guests)) return;
      const admitted = Promise.withResolvers<void>();
      const visitor = { guests, admit: admitted.resolve };
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
      if (!inside.has(guest)) return;
      inside.set(guest, leave);
      admitWhoFits();
    },
    leave(guest) {
      inside.delete(guest);
      admitWhoFits();
    },
  };
}
