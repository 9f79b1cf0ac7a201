import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Pace } from './pace.ts';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;
/** How long an edit under way may keep what comes after it waiting before it is cut off. */
export const SEAL_PATIENCE_MS = 1000;

export interface Painter {
  /** Shows what there is to show by the time that it is due. */
  changed(): void;
  /** Drops what hasn't been sent, and ends an edit under way, so that nothing can overtake what comes next. */
  seal(): Promise<void>;
}

type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Keeps one reply informed at a bounded rate, and takes turns with the others'. `render` gives what is to be seen, or null
 * where that is no longer the painter's; what looks the same as what is shown isn't sent again. `edit` never rejects, and
 * tells whether the view is to be seen now.
 */
export function createPainter<View>(options: {
  render: () => View | null;
  edit: (view: View, signal: AbortSignal) => Promise<boolean>;
  pace: Pace;
  delay?: Delay;
}): Painter {
  const { render, edit, pace, delay = (ms, signal) => wait(ms, undefined, { signal }) } = options;
  const sealed = new AbortController();
  let cut: AbortController | null = null;
  let isDue = false;
  /** As a digest: of thousands of replies the texts would take megabytes. */
  let shown = '';
  let lastEditAt = Number.NEGATIVE_INFINITY;
  let busy = false;
  let painting = Promise.resolve();

  async function paint(): Promise<void> {
    busy = true;
    while (isDue && !sealed.signal.aborted) {
      const early = lastEditAt + EDIT_INTERVAL_MS - performance.now();
      if (early > 0) await delay(early, sealed.signal).catch(ignoreAbort);
      // What is no news takes nobody's turn.
      if (isNews(render())) await pace(sealed.signal).catch(ignoreAbort);
      if (sealed.signal.aborted) break;
      isDue = false;
      const view = render();
      if (isNews(view)) await show(view);
    }
    busy = false;
  }

  function isNews(view: View | null): view is View {
    return view !== null && digestOf(view) !== shown;
  }

  async function show(view: View): Promise<void> {
    cut = new AbortController();
    if (await edit(view, cut.signal)) shown = digestOf(view);
    cut = null;
    lastEditAt = performance.now();
  }

  return {
    changed() {
      isDue = true;
      if (!busy) painting = paint();
    },
    async seal() {
      sealed.abort();
      const ended = new AbortController();
      const patience = delay(SEAL_PATIENCE_MS, ended.signal).then(() => cut?.abort(), ignoreAbort);
      await painting;
      ended.abort();
      await patience;
    },
  };
}

function digestOf(view: unknown): string {
  return hash('sha256', JSON.stringify(view), 'base64url');
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
