import { expect, test } from 'vitest';
import type { Steps } from '../../../../src/services/ledger/database.ts';
import { writeProblemOf } from '../../../../src/services/ledger/error.ts';
import { createLines } from '../../../../src/services/ledger/postgres/lines.ts';

const LATER = Number.POSITIVE_INFINITY;
const OVER = 0;

test('a write that has waited too long is refused and not made, and takes no time of the others', async () => {
  const made: unknown[] = [];
  const inLine = createLines(async (works) => {
    const results = works.map((work) => resultOf(work()));
    made.push(results);
    return results;
  });
  const late = inLine(() => write('late'), 'a lock', OVER).catch(writeProblemOf);
  const first = inLine(() => write('first'), 'a lock', LATER);
  const alsoLate = inLine(() => write('late, too'), 'a lock', OVER).catch(writeProblemOf);
  const second = inLine(() => write('second'), 'a lock', LATER);
  expect(await Promise.all([late, first, alsoLate, second])).toEqual(['busy', 'first', 'busy', 'second']);
  expect(made).toEqual([['first', 'second']]);
});

function* write(result: string): Steps<string> {
  yield [];
  return result;
}

function resultOf(work: Steps<unknown>): unknown {
  const steps = work[Symbol.iterator]();
  let step = steps.next();
  while (!step.done) step = steps.next([]);
  return step.value;
}
