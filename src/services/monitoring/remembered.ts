/**
 * Does the work for the first who asks; whoever asks meanwhile, or within `forMs` after it, gets the same, so that many who ask
 * cost as much as one. A failure is not remembered.
 */
export function remembered<T>(work: () => Promise<T>, forMs: number, now: () => number): () => Promise<T> {
  let last: { readonly result: Promise<T>; doneAt: number | null } | null = null;

  // A clock that was set back says nothing about how old it is.
  const isFresh = (doneAt: number) => now() >= doneAt && now() < doneAt + forMs;

  async function begin(): Promise<T> {
    const begun: NonNullable<typeof last> = { result: work(), doneAt: null };
    last = begun;
    try {
      const result = await begun.result;
      begun.doneAt = now();
      return result;
    } catch (error) {
      last = null;
      throw error;
    }
  }

  return () => (last && (last.doneAt === null || isFresh(last.doneAt)) ? last.result : begin());
}
