/** Does each person's work one piece after the other: nobody takes more than one place of what all share. */
export type Turns = <T>(userId: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const latest = new Map<string, Promise<void>>();

  return async (userId, work) => {
    const before = latest.get(userId);
    const over = Promise.withResolvers<void>();
    latest.set(userId, over.promise);
    await before;
    try {
      return await work();
    } finally {
      over.resolve();
      if (latest.get(userId) === over.promise) latest.delete(userId);
    }
  };
}
