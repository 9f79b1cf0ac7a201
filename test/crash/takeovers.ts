import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresStore } from './postgres-store.ts';

/** Measures how long the generations of a process that is gone wait for another process. */
export interface Takeovers {
  /** Follows each generation of a process that goes now until another process serves it. */
  follow(owner: string | null): void;
  /** Resolves once all are served, with how long each waited, in seconds. */
  done(): Promise<readonly number[]>;
}

const LOOK_AGAIN_MS = 200;
/** What isn't taken over by then is stuck, which the judge reports. */
const GIVE_UP_AFTER_MS = 60_000;

export function measureTakeovers({ heldBy, wentOn }: Pick<PostgresStore, 'heldBy' | 'wentOn'>): Takeovers {
  const seconds: number[] = [];
  const following: Promise<void>[] = [];

  async function follow(owner: string): Promise<void> {
    const goneAt = performance.now();
    const since = () => performance.now() - goneAt;
    let waiting = await heldBy(owner);
    while (waiting.length > 0 && since() < GIVE_UP_AFTER_MS) {
      await delay(LOOK_AGAIN_MS);
      const gone = new Set(await wentOn(waiting, owner));
      const at = since() / 1000;
      seconds.push(...Array.from(gone, () => at));
      waiting = waiting.filter((id) => !gone.has(id));
    }
    seconds.push(...waiting.map(() => since() / 1000));
  }

  return {
    follow(owner) {
      if (owner !== null) following.push(follow(owner));
    },
    async done() {
      await Promise.all(following);
      return seconds;
    },
  };
}
