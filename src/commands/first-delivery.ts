import { TOKEN_LIFE_MS } from '../services/discord/limits.ts';

/**
 * Returns whether an interaction is delivered for the first time. Discord sends some of them again, for example after a
 * RESUME, and a second press of a toggle would undo the first. An interaction is remembered for as long as it can be
 * answered.
 */
export function createFirstDelivery(elapsed: () => number): (interactionId: string) => boolean {
  /** When each interaction came, the oldest first. */
  const cameAt = new Map<string, number>();

  function forgetOld(): void {
    for (const [id, at] of cameAt) {
      if (elapsed() - at <= TOKEN_LIFE_MS) return;
      cameAt.delete(id);
    }
  }

  return (id) => {
    forgetOld();
    if (cameAt.has(id)) return false;
    cameAt.set(id, elapsed());
    return true;
  };
}
