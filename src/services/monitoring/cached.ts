/**
 * Caches the result of `work` for `forMs`. Calls that come while it is under way share it, so that many callers cost as
 * much as one. A failure is not cached. `elapsed` is a monotonic clock.
 */
export function cached<T>(work: () => Promise<T>, forMs: number, elapsed: () => number): () => Promise<T> {
  let last: { readonly result: Promise<T>; doneAt: number | null } | null = null;

  const isFresh = (doneAt: number) => elapsed() < doneAt + forMs;

  async function begin(): Promise<T> {
    const begun: NonNullable<typeof last> = { result: work(), doneAt: null };
    last = begun;
    try {
      const result = await begun.result;
      begun.doneAt = elapsed();
      return result;
    } catch (error) {
      last = null;
      throw error;
    }
  }

  return () => (last && (last.doneAt === null || isFresh(last.doneAt)) ? last.result : begin());
}
