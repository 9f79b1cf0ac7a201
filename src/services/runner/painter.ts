import { hash } from 'node:crypto';
import type { Pace } from './pace.ts';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;

export interface Painter {
  /** Shows what there is to show by the time that it is due. */
  changed(): void;
  /**
   * Drops what hasn't been sent, and cuts off an edit under way. True where that may have been sent already: nobody knows
   * then whether Discord takes it, and when.
   */
  seal(): Promise<boolean>;
}

/**
 * Keeps one reply informed at a bounded rate, and takes turns with the others'. `render` gives what is to be seen, or null
 * where that is no longer the painter's; what looks the same as what is shown isn't sent again. Where it throws, nothing
 * is sent until the next change. `edit` never rejects, and tells whether the view is to be seen now.
 */
export function createPainter<View>(options: {
  render: () => View | null;
  onFailure: (error: unknown) => void;
  edit: (view: View, signal: AbortSignal) => Promise<boolean>;
  /** How long after the last edit the view may be shown; at least EDIT_INTERVAL_MS. */
  intervalMs?: (view: View) => number;
  /** Whether the signal no longer stops the view's edit once it is being sent. */
  finishes?: (view: View) => boolean;
  pace: Pace;
}): Painter {
  const {
    render,
    onFailure,
    edit,
    intervalMs = () => EDIT_INTERVAL_MS,
    finishes = () => false,
    pace,
  } = options;
  let isDue = false;
  let isBusy = false;
  let isSealed = false;
  let timer: NodeJS.Timeout | undefined;
  let underWay: { readonly isContested: boolean; readonly cut: AbortController } | null = null;
  /** As a digest: the texts of thousands of replies would be megabytes. */
  let shown = '';
  let lastEditAt = Number.NEGATIVE_INFINITY;
  let painting = Promise.resolve();

  function waitForInterval(): void {
    if (isBusy || isSealed || !isDue) return;
    isBusy = true;
    timer = setTimeout(waitForTurn, Math.max(0, msUntil(EDIT_INTERVAL_MS)));
  }

  function waitForTurn(): void {
    const view = look();
    // What is no news takes nobody's turn.
    if (!isNews(view)) {
      isDue = false;
      isBusy = false;
      return;
    }
    const wait = msUntil(intervalMs(view));
    // Looked at again before that: another view may be allowed sooner.
    if (wait > 0) timer = setTimeout(waitForTurn, Math.min(wait, EDIT_INTERVAL_MS));
    else pace.ask(paintNow);
  }

  function msUntil(interval: number): number {
    return lastEditAt + interval - performance.now();
  }

  function paintNow(): void {
    painting = paint();
  }

  async function paint(): Promise<void> {
    isDue = false;
    const view = look();
    if (isNews(view)) {
      underWay = { isContested: !finishes(view), cut: new AbortController() };
      if (await edit(view, underWay.cut.signal)) shown = digestOf(view);
      underWay = null;
      lastEditAt = performance.now();
    }
    isBusy = false;
    waitForInterval();
  }

  /** Called from timers and turns, where an error would end the whole process. */
  function look(): View | null {
    try {
      return render();
    } catch (error) {
      onFailure(error);
      return null;
    }
  }

  function isNews(view: View | null): view is View {
    return view !== null && digestOf(view) !== shown;
  }

  return {
    changed() {
      isDue = true;
      waitForInterval();
    },
    async seal() {
      isSealed = true;
      clearTimeout(timer);
      pace.leave(paintNow);
      if (underWay === null) return false;
      const { isContested, cut } = underWay;
      cut.abort();
      await painting;
      return isContested;
    },
  };
}

function digestOf(view: unknown): string {
  return hash('sha256', JSON.stringify(view), 'base64url');
}
