import { hash } from 'node:crypto';
import type { Pace } from './pace.ts';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;
/** How long an edit that is worth it may keep what comes after it waiting before it is cut off. */
export const SEAL_PATIENCE_MS = 1000;

export interface Painter {
  /** Shows what there is to show by the time that it is due. */
  changed(): void;
  /**
   * Drops what hasn't been sent, and cuts off an edit under way that isn't worth waiting for. True where it had to: nobody
   * knows then whether Discord takes it, and when.
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
  /** Whether what comes after the view had rather wait for its edit than do without. */
  isWorthWaiting?: (view: View) => boolean;
  pace: Pace;
}): Painter {
  const { render, onFailure, edit, isWorthWaiting = () => false, pace } = options;
  let isDue = false;
  let isBusy = false;
  let isSealed = false;
  let timer: NodeJS.Timeout | undefined;
  let underWay: { readonly view: View; readonly cut: AbortController } | null = null;
  /** As a digest: the texts of thousands of replies would be megabytes. */
  let shown = '';
  let lastEditAt = Number.NEGATIVE_INFINITY;
  let painting = Promise.resolve();

  function waitForInterval(): void {
    if (isBusy || isSealed || !isDue) return;
    isBusy = true;
    timer = setTimeout(waitForTurn, Math.max(0, lastEditAt + EDIT_INTERVAL_MS - performance.now()));
  }

  function waitForTurn(): void {
    // What is no news takes nobody's turn.
    isBusy = isNews(look());
    if (isBusy) pace.ask(paintNow);
    else isDue = false;
  }

  function paintNow(): void {
    painting = paint();
  }

  async function paint(): Promise<void> {
    isDue = false;
    const view = look();
    if (isNews(view)) {
      underWay = { view, cut: new AbortController() };
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
      const { view, cut } = underWay;
      if (!isWorthWaiting(view)) cut.abort();
      const patience = setTimeout(() => cut.abort(), SEAL_PATIENCE_MS);
      await painting;
      clearTimeout(patience);
      return cut.signal.aborted;
    },
  };
}

function digestOf(view: unknown): string {
  return hash('sha256', JSON.stringify(view), 'base64url');
}
