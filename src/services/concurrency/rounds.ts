/**
 * Passes on many people's items in rounds, one in each turn of the event loop, with a few items of each person. A
 * person who sends hundreds at once delays others by only a few. Nothing is dropped, and each person's items keep their
 * order.
 */
export function createRounds<T>(handle: (one: T) => void): (person: string, one: T) => void {
  const waiting = new Map<string, T[]>();

  function goRound(): void {
    const round = [...waiting].map(([person, all]) => {
      const some = all.splice(0, OF_A_PERSON);
      if (all.length === 0) waiting.delete(person);
      return some;
    });
    if (waiting.size > 0) setImmediate(goRound);
    for (let turn = 0; turn < OF_A_PERSON; turn += 1)
      for (const some of round) for (const one of some.slice(turn, turn + 1)) handle(one);
  }

  return (person, one) => {
    if (waiting.size === 0) setImmediate(goRound);
    const all = waiting.get(person);
    if (all) all.push(one);
    else waiting.set(person, [one]);
  };
}

/** More than one, because writes of the same turn go to disk together, which makes rounds of single items expensive. */
const OF_A_PERSON = 4;
