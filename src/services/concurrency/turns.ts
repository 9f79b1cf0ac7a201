/** Runs each person's work one piece at a time, so that nobody takes more than one place of a shared resource. */
export type Turns = <T>(userId: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const latest = new Map<string, Promise<void>>();

  return async (userId, work) => {
    const previous = latest.get(userId);
    const finished = Promise.withResolvers<void>();
    latest.set(userId, finished.promise);
    await previous;
    try {
      return await work();
    } finally {
      finished.resolve();
      if (latest.get(userId) === finished.promise) latest.delete(userId);
    }
  };
}
