/**
 * Hands on what comes in from many people in rounds, a turn of the event loop each, with a few of each person: whoever
 * sends hundreds at the same instant waits for themselves, and others for a few of them. Nothing is dropped, and what one
 * person sends keeps its order.
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

/** What is written in the same turn goes to disk together, so that one each would be dear. */
const OF_A_PERSON = 4;
