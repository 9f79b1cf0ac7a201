import { setTimeout as wait } from 'node:timers/promises';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;

export interface Painter<View> {
  /** Shows this view when it is due, unless a newer one comes first or it looks the same as what is shown. */
  show(view: View): void;
  /** Drops what hasn't been sent and waits for an edit under way, so that nothing can overtake what comes next. */
  seal(): Promise<void>;
}

/**
 * Keeps one reply informed at a bounded rate. `edit` failing is its own business to log: the painter goes on with
 * the next view.
 */
export function createPainter<View>(options: {
  edit: (view: View) => Promise<void>;
  delay?: (ms: number, signal: AbortSignal) => Promise<void>;
}): Painter<View> {
  const { edit, delay = (ms, signal) => wait(ms, undefined, { signal }) } = options;
  const sealed = new AbortController();
  let wanted: View | null = null;
  let shown = '';
  let lastEditAt = Number.NEGATIVE_INFINITY;
  let painting: Promise<void> | null = null;

  async function paint(): Promise<void> {
    while (wanted !== null && !sealed.signal.aborted) {
      const early = lastEditAt + EDIT_INTERVAL_MS - performance.now();
      if (early > 0) {
        await delay(early, sealed.signal).catch(ignoreAbort);
        continue;
      }
      const view: View = wanted;
      wanted = null;
      const looks = JSON.stringify(view);
      if (looks === shown) continue;
      await edit(view);
      shown = looks;
      lastEditAt = performance.now();
    }
  }

  return {
    show(view) {
      if (sealed.signal.aborted) return;
      wanted = view;
      painting ??= paint().finally(() => {
        painting = null;
      });
    },
    async seal() {
      sealed.abort();
      await painting;
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
