import type { LiveTask } from './job.ts';

/** The facts behind the bar of a task. */
type Measured = Pick<LiveTask, 'row' | 'said' | 'progress' | 'readyAt' | 'estimate'>;

/** How far the bar moves at once between the service's reports: each move is an edit. */
const STEP_PERCENT = 20;
/** Time alone moves the bar no further; only the service's report completes it. */
const LAST_STEP_PERCENT = 80;

/**
 * Whether the service presumably works on the task. A service that answers with the image does so during the create.
 */
export function isBeingMade({ row, said }: Pick<LiveTask, 'row' | 'said'>): boolean {
  return (
    (row.state === 'running' && said !== 'waiting') || (row.state === 'submitting' && said === 'running')
  );
}

/** The progress to show: the service's report, or an estimate from the usual time of such images. */
export function barOf({ progress, estimate }: Measured): { percent: number; isEstimate: boolean } | null {
  const reported = progress?.percent ?? null;
  if (estimate > (reported ?? 0)) return { percent: estimate, isEstimate: true };
  return reported === null ? null : { percent: reported, isEstimate: false };
}

/** Moves the bar to the step for the current time. It never moves back, even if the expectation changes. */
export function moveBar(task: LiveTask, now: number): void {
  const line = lineOf(task);
  if (line === null) return;
  const share = Math.min(1, (now - line.from) / (line.to - line.from));
  const percent = line.percent + (100 - line.percent) * share;
  const step = Math.floor(percent / STEP_PERCENT) * STEP_PERCENT;
  task.estimate = Math.max(task.estimate, Math.min(step, LAST_STEP_PERCENT));
}

/** How long until time alone moves the bar of a task, in milliseconds; null when it moves none. */
export function barMovesInMs(tasks: readonly Measured[], now: number): number | null {
  const moves = tasks.flatMap((task) => {
    const line = lineOf(task);
    const shown = barOf(task)?.percent ?? 0;
    const next = (Math.floor(shown / STEP_PERCENT) + 1) * STEP_PERCENT;
    if (line === null || next > LAST_STEP_PERCENT) return [];
    const share = (next - line.percent) / (100 - line.percent);
    const at = Math.ceil(line.from + share * (line.to - line.from));
    return at > now ? [at - now] : [];
  });
  return moves.length > 0 ? Math.min(...moves) : null;
}

/** A straight line from the service's last report, or from the task's acceptance, to the expected end. */
function lineOf({ row, said, progress, readyAt }: Measured) {
  if (!isBeingMade({ row, said })) return null;
  if (readyAt === null || row.submittedAt === null) return null;
  const { percent, at } = progress ?? { percent: 0, at: row.submittedAt };
  return percent < 100 && at < readyAt ? { percent, from: at, to: readyAt } : null;
}
