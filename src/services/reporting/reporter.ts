import { hash } from 'node:crypto';
import type { RateLimiter, Waiter } from './rate-limiter.ts';

/** The shortest time between two edits of the same reply. */
export const EDIT_INTERVAL_MS = 2000;

/** What a reporter shows. */
export interface Subject<View> {
  /** Returns the view; null when it isn't the reporter's to show. If it throws, nothing is sent until the next change. */
  render(): View | null;
  /** Receives the error that `render` threw. */
  failed(error: unknown): void;
  /** Resolves with whether the view is visible now. Never rejects. */
  edit(view: View, signal: AbortSignal): Promise<boolean>;
  /** How long after the last edit the view may be shown; at least EDIT_INTERVAL_MS. */
  intervalMs(view: View): number;
  /** Whether the view's edit, once it is being sent, runs to its end whatever the signal says. */
  finishes(view: View): boolean;
  /** How long until the view changes without anything having happened; null where it doesn't. */
  changesInMs(): number | null;
}

/**
 * Keeps one reply up to date at a bounded rate, taking turns with other replies. A view that looks like the one shown
 * isn't sent again. A class, because thousands of replies wait at the same time: each is this one object.
 */
export class Reporter<View> implements Waiter {
  private readonly subject: Subject<View>;
  private readonly limiter: RateLimiter;
  private isDue = false;
  private isBusy = false;
  private isInLine = false;
  private isSealed = false;
  /** All that has changed since the last edit has changed by time alone. */
  private canWait = true;
  private timer: NodeJS.Timeout | undefined;
  private alarm: NodeJS.Timeout | undefined;
  private inFlight: { readonly isContested: boolean; readonly controller: AbortController } | null = null;
  /** A digest, because the texts of thousands of replies take megabytes. */
  private shown = '';
  private lastEditAt = Number.NEGATIVE_INFINITY;
  private sending: Promise<void> | null = null;

  constructor(subject: Subject<View>, limiter: RateLimiter) {
    this.subject = subject;
    this.limiter = limiter;
  }

  /** Schedules an edit. The view is rendered when the edit is sent. */
  changed(): void {
    const wasPatient = this.canWait && this.isInLine;
    this.canWait = false;
    this.isDue = true;
    if (wasPatient) this.limiter.ask(this);
    else this.waitForInterval();
  }

  /** The same for what has changed by time alone: of many replies, those that have news go first. */
  private ticked(): void {
    this.isDue = true;
    this.waitForInterval();
  }

  /**
   * Ends the reporting: drops an edit that waits, and aborts one in flight. Resolves with true when the aborted edit may
   * have been sent already, so that Discord may still apply it later.
   */
  async seal(): Promise<boolean> {
    this.isSealed = true;
    clearTimeout(this.timer);
    clearTimeout(this.alarm);
    this.limiter.leave(this);
    if (this.inFlight === null) return false;
    const { isContested, controller } = this.inFlight;
    controller.abort();
    await this.sending;
    return isContested;
  }

  /** Called by the rate limiter alone. */
  go(): void {
    this.sending = this.send();
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
    const view = this.render();
    // A view that is no news takes no turn.
    if (!this.isNews(view)) {
      this.isDue = false;
      this.isBusy = false;
      this.canWait = true;
      this.setAlarm();
      return;
    }
    const wait = this.msUntil(this.subject.intervalMs(view));
    // The view is looked at again before that, since another one may be allowed sooner.
    if (wait > 0) this.waitForTurn(Math.min(wait, EDIT_INTERVAL_MS));
    else this.waitInLine();
  }

  private waitInLine(): void {
    // Its turn may come at once.
    this.isInLine = true;
    this.limiter.ask(this, { canWait: this.canWait });
  }

  private msUntil(interval: number): number {
    return this.lastEditAt + interval - performance.now();
  }

  private async send(): Promise<void> {
    this.isInLine = false;
    this.isDue = false;
    this.canWait = true;
    const view = this.render();
    if (this.isNews(view)) {
      const controller = new AbortController();
      this.inFlight = { isContested: !this.subject.finishes(view), controller };
      if (await this.subject.edit(view, controller.signal)) this.shown = digestOf(view);
      this.inFlight = null;
      this.lastEditAt = performance.now();
    }
    this.isBusy = false;
    this.setAlarm();
    this.waitForInterval();
  }

  /** Looks again when what is shown would no longer be true. */
  private setAlarm(): void {
    clearTimeout(this.alarm);
    const ms = this.isSealed ? null : this.subject.changesInMs();
    if (ms !== null) this.alarm = setTimeout(() => this.ticked(), ms);
  }

  /** Never throws: it is called from timers, where an error would end the whole process. */
  private render(): View | null {
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
