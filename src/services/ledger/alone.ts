/**
 * Does the work, unless this process or another one does work of this name at the moment: then nothing happens. Returns
 * whether it did the work, and throws what the work throws.
 */
export type Alone = (name: string, work: () => Promise<void>) => Promise<boolean>;

/** For a single process. */
export function createAlone(): Alone {
  const underWay = new Set<string>();
  return async (name, work) => {
    if (underWay.has(name)) return false;
    underWay.add(name);
    try {
      await work();
      return true;
    } finally {
      underWay.delete(name);
    }
  };
}
