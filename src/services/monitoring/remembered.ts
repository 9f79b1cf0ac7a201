/**
 * Does the work for the first who asks; whoever asks meanwhile, or within `forMs` after it, gets the same, so that many who ask
 * cost as much as one. A failure is not remembered. `elapsed` is a clock that nobody sets.
 */
export function remembered<T>(
  work: () => Promise<T>,
  forMs: number,
  elapsed: () => number,
): () => Promise<T> {
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
