/**
 * What processes that serve the same ledger tell each other. `room`: a task has ended, and with `userId` it was the last
 * one of this person's generation. `cancelled`: the person no longer waits for this generation. `unserved`: a process has
 * given up its generations.
 */
export type WakeUp =
  | { readonly kind: 'room'; readonly userId: string | null }
  | { readonly kind: 'cancelled'; readonly id: string }
  | { readonly kind: 'unserved' };

/** Spares others a wait. A wake-up may get lost, so listeners also look at the rows now and then. */
export interface WakeUps {
  /** Tells every process, including this one. Never throws. */
  tell(wakeUp: WakeUp): void;
  onTold(listener: (wakeUp: WakeUp) => void): void;
}

/** For a single process. */
export function createWakeUps(): WakeUps {
  const listeners: ((wakeUp: WakeUp) => void)[] = [];
  return {
    tell(wakeUp) {
      for (const listener of listeners) listener(wakeUp);
    },
    onTold: (listener) => void listeners.push(listener),
  };
}
