/** Places in memory, of which there are so many. Whoever has to wait is served in turn, however many places they want. */
export interface Room {
  /** Somebody waits for a place. */
  readonly isSought: boolean;
  /** Takes so many places at once, when they are free. Rejects with the signal's reason. */
  enter(places: number, signal: AbortSignal): Promise<void>;
  leave(places: number): void;
}

export function createRoom(size: number): Room {
  const waiting = new Set<{ places: number; admit: () => void }>();
  let free = size;

  function admitWhoFits(): void {
    for (const visitor of waiting) {
      // Whoever comes later waits, too: many places at once would else never be free.
      if (visitor.places > free) return;
      free -= visitor.places;
      waiting.delete(visitor);
      visitor.admit();
    }
  }

  return {
    get isSought() {
      return waiting.size > 0;
    },
    async enter(places, signal) {
      if (places > size) throw new RangeError(`there are no ${places} places, only ${size}`);
      signal.throwIfAborted();
      const admitted = Promise.withResolvers<void>();
      const visitor = { places, admit: admitted.resolve };
      const goAway = () => {
        waiting.delete(visitor);
        admitted.reject(signal.reason);
        admitWhoFits();
      };
      signal.addEventListener('abort', goAway);
      waiting.add(visitor);
      admitWhoFits();
      await admitted.promise.finally(() => signal.removeEventListener('abort', goAway));
    },
    leave(places) {
      free += places;
      admitWhoFits();
    },
  };
}
