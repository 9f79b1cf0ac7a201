/** How far a task was when the service last said so. */
export interface Progress {
  /** 0–100 */
  readonly percent: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * When a task will be ready, in milliseconds since the epoch. At first what is typical counts; the further the task
 * is, the more its own pace.
 */
export function estimateReadyAt(startedAt: number, typicalMs: number, progress: Progress | null): number {
  if (!progress || progress.percent <= 0) return startedAt + typicalMs;
  const share = Math.min(progress.percent, 100) / 100;
  const atThisPaceMs = Math.max(0, progress.at - startedAt) / share;
  return startedAt + (1 - share) * typicalMs + share * atThisPaceMs;
}
