import type { Answer, Query, Steps } from './database.ts';

type Results<All extends readonly Steps<unknown>[]> = {
  -readonly [Index in keyof All]: All[Index] extends Steps<infer Result> ? Result : never;
};

/**
 * Does pieces of work that don't depend on each other's results. PostgreSQL gets their statements at once and in this
 * order, so that the work waits for the server once instead of once for each statement.
 */
export function* together<const All extends readonly Steps<unknown>[]>(...all: All): Steps<Results<All>> {
  const works = all.map((steps) => steps[Symbol.iterator]());
  const steps = works.map((work) => work.next());
  while (steps.some(({ done }) => !done)) {
    const asked = steps.map(({ done, value }) => (done ? [] : (value as readonly Query[])));
    const answers: Answer[] = [...(yield asked.flat())];
    for (const [index, queries] of asked.entries()) {
      const work = works[index];
      if (work && !steps[index]?.done) steps[index] = work.next(answers.splice(0, queries.length));
    }
  }
  return steps.map(({ value }) => value) as Results<All>;
}
