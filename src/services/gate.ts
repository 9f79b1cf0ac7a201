/** Lets work in, the oldest first, as long as all that is inside together needs no more than there is room for. */
export type Gate = <T>(needed: number, work: () => Promise<T>) => Promise<T>;

/** What needs more than all the room gets it alone. */
export function createGate(room: number): Gate {
  const waiting: { readonly share: number; readonly enter: () => void }[] = [];
  let free = room;

  function letIn(): void {
    for (let next = waiting[0]; next && next.share <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.share;
      next.enter();
    }
  }

  return async (needed, work) => {
    const share = Math.min(needed, room);
    await new Promise<void>((enter) => {
      waiting.push({ share, enter });
      letIn();
    });
    try {
      return await work();
    } finally {
      free += share;
      letIn();
    }
  };
}
