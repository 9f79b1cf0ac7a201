import { hash } from 'node:crypto';
import type { RateLimiter, Waiting } from './rate-limiter.ts';

/** Edits of the same reply stay at least this far apart. */
export const EDIT_INTERVAL_MS = 2000;

/** What a reporter shows. */
export interface Subject<View> {
  /** What is to be seen, or null where that is no longer the reporter's. Where it throws, nothing is sent until the next change. */
  render(): View | null;
  /** Is told what `render` threw. */
  failed(error: unknown): void;
  /** Never rejects, and tells whether the view is to be seen now. */
  edit(view: View, signal: AbortSignal): Promise<boolean>;
  /** How long after the last edit the view may be shown; at least EDIT_INTERVAL_MS. */
  intervalMs(view: View): number;
  /** Whether the signal no longer stops the view's edit once it is being sent. */
  finishes(view: View): boolean;
}

/**
 * Keeps one reply informed at a bounded rate, and takes turns with the others'. What looks the same as what is shown
 * isn't sent again. A class, since thousands of replies wait at the same time: each is this one object.
 */
export class Reporter<View> implements Waiting {
  private readonly subject: Subject<View>;
  private readonly pace: RateLimiter;
  private isDue = false;
  private isBusy = false;
  private isSealed = false;
  private timer: NodeJS.Timeout | undefined;
  private underWay: { readonly isContested: boolean; readonly cut: AbortController } | null = null;
  /** As a digest: the texts of thousands of replies would be megabytes. */
  private shown = '';
  private lastEditAt = Number.NEGATIVE_INFINITY;
  private painting: Promise<void> | null = null;

  constructor(subject: Subject<View>, pace: RateLimiter) {
    this.subject = subject;
    this.pace = pace;
  }

  /** Shows what there is to show by the time that it is due. */
  changed(): void {
    this.isDue = true;
    this.waitForInterval();
  }

  /**
   * Drops what hasn't been sent, and cuts off an edit under way. True where that may have been sent already: nobody knows
   * then whether Discord takes it, and when.
   */
  async seal(): Promise<boolean> {
    this.isSealed = true;
    clearTimeout(this.timer);
    this.pace.leave(this);
    if (this.underWay === null) return false;
    const { isContested, cut } = this.underWay;
    cut.abort();
    await this.painting;
    return isContested;
  }

  /** For the pace alone. */
  go(): void {
    this.painting = this.paint();
  }

  private waitForInterval(): void {
    if (this.isBusy || this.isSealed || !this.isDue) return;
    this.isBusy = true;
    this.waitForTurn(Math.max(0, this.msUntil(EDIT_INTERVAL_MS)));
  }

  private waitForTurn(ms: number): void {
    this.timer = setTimeout(() => this.askForTurn(), ms);
  }

  private askForTurn(): void {
    this.timer = undefined;
    const view = this.look();
    // What is no news takes nobody's turn.
    if (!this.isNews(view)) {
      this.isDue = false;
      this.isBusy = false;
      return;
    }
    const wait = this.msUntil(this.subject.intervalMs(view));
    // Looked at again before that: another view may be allowed sooner.
    if (wait > 0) this.waitForTurn(Math.min(wait, EDIT_INTERVAL_MS));
    else this.pace.ask(this);
  }

  private msUntil(interval: number): number {
    return this.lastEditAt + interval - performance.now();
  }

  private async paint(): Promise<void> {
    this.isDue = false;
    const view = this.look();
    if (this.isNews(view)) {
      const cut = new AbortController();
      this.underWay = { isContested: !this.subject.finishes(view), cut };
      if (await this.subject.edit(view, cut.signal)) this.shown = digestOf(view);
      this.underWay = null;
      this.lastEditAt = performance.now();
    }
    this.isBusy = false;
    this.waitForInterval();
  }

  /** Called from timers and turns, where an error would end the whole process. */
  private look(): View | null {
    try {
      return this.subject.render();
    } catch (error) {
      this.subject.failed(error);
      return null;
    }
  }

  private isNews(view: View | null): view is View {
    return view !== null && digestOf(view) !== this.shown;
  }
}

function digestOf(view: unknown): string {
  return hash('sha256', JSON.stringify(view), 'base64url');
}
