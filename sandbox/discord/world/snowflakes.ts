import type { Clock } from '../../clock.ts';

/** Discord's ids count milliseconds from the beginning of 2015. */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const IDS_PER_MS = 4096;

/** Makes ids as Discord does: unique, and ordered by the clock's time of their creation. */
export function createSnowflakes(clock: Clock): () => string {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const now = Math.max(clock.now(), lastMs);
    sequence = now === lastMs ? sequence + 1 : 0;
    lastMs = now;
    if (sequence === IDS_PER_MS) {
      lastMs += 1;
      sequence = 0;
    }
    return String((BigInt(lastMs - DISCORD_EPOCH_MS) << 22n) | BigInt(sequence));
  };
}

/** The time when an id was created, in milliseconds since the Unix epoch. */
export function createdAt(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS;
}
