import { AsyncLocalStorage } from 'node:async_hooks';

/** discord.js queues, delays and repeats requests, and passes nothing of ours along with them. */
const checks = new AsyncLocalStorage<() => void>();

/** Runs work whose every request to Discord first calls `check`, immediately before it is sent. What that throws ends it. */
export function checkedBeforeSending<T>(check: () => void, work: () => T): T {
  return checks.run(check, work);
}

/** Throws what the check around the current work throws. */
export function checkBeforeSending(): void {
  checks.getStore()?.();
}
