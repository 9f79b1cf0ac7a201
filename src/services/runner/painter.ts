import { setTimeout as wait } from 'node:timers/promises';
import type { Pace } from './pace.ts';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;
/** How long an edit under way may keep what comes after it waiting before it is cut off. */
export const SEAL_PATIENCE_MS = 1000;

export interface Painter<View> {
  /** Shows this view when it is due, unless a newer one comes first or it looks the same as what is shown. */
  show(view: View): void;
  /** Drops what hasn't been sent, and ends an edit under way, so that nothing can overtake what comes next. */
  seal(): Promise<void>;
}

type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Keeps one reply informed at a bounded rate, and takes turns with the others'. `edit` never rejects, and tells whether the
 * view is to be seen now.
 */
export function createPainter<View>(options: {
  edit: (view: View, signal: AbortSignal) => Promise<boolean>;
  pace: Pace;
  delay?: Delay;
}): Painter<View> {
  const { edit, pace, delay = (ms, signal) => wait(ms, undefined, { signal }) } = options;
  const sealed = new AbortController();
  const cut = new AbortController();
  let wanted: View | null = null;
  let shown = '';
  let lastEditAt = Number.NEGATIVE_INFINITY;
  let busy = false;
  let painting = Promise.resolve();

  async function paint(): Promise<void> {
    busy = true;
    while (wanted !== null && !sealed.signal.aborted) {
      const early = lastEditAt + EDIT_INTERVAL_MS - performance.now();
      if (early > 0) {
        await delay(early, sealed.signal).catch(ignoreAbort);
        continue;
      }
      if (JSON.stringify(wanted) === shown) {
        wanted = null;
        continue;
      }
      // Nothing is taken along that a newer view may replace meanwhile.
      await pace(sealed.signal).catch(ignoreAbort);
      if (sealed.signal.aborted) break;
      const view: View = wanted;
      wanted = null;
      const looks = JSON.stringify(view);
      if (await edit(view, cut.signal)) shown = looks;
      lastEditAt = performance.now();
    }
    busy = false;
  }

  return {
    show(view) {
      wanted = view;
      if (!busy) painting = paint();
    },
    async seal() {
      sealed.abort();
      const ended = new AbortController();
      const patience = delay(SEAL_PATIENCE_MS, ended.signal).then(() => cut.abort(), ignoreAbort);
      await painting;
      ended.abort();
      await patience;
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
