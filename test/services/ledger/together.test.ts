import { expect, test } from 'vitest';
import type { Query, Steps } from '../../../src/services/ledger/database.ts';
import { together } from '../../../src/services/ledger/together.ts';

test('statements of independent work are asked for at once, and each piece gets its own answers', () => {
  const asked: string[][] = [];
  const work = together(asking('a1', 'a2'), finished('nothing to ask'), asking('b1'));
  expect(follow(work, asked)).toEqual(['a1! a2!', 'nothing to ask', 'b1!']);
  expect(asked).toEqual([['a1', 'b1'], ['a2']]);
});

test('work within work is asked for with the rest', () => {
  const asked: string[][] = [];
  expect(follow(together(together(asking('a'), asking('b')), asking('c')), asked)).toEqual([
    ['a!', 'b!'],
    'c!',
  ]);
  expect(asked).toEqual([['a', 'b', 'c']]);
});

test('work that leaves nothing for later, as on SQLite, ends at once', () => {
  const asked: string[][] = [];
  expect(follow(together(finished(1), finished(2)), asked)).toEqual([1, 2]);
  expect(asked).toEqual([]);
});

/** Asks these one after the other. */
function* asking(...names: string[]): Steps<string> {
  const heard: unknown[] = [];
  for (const name of names) {
    const [answer] = yield [{ name, text: name, values: [] }];
    heard.push(answer?.rows[0]?.said);
  }
  return heard.join(' ');
}

function finished<T>(value: T): Steps<T> {
  return { [Symbol.iterator]: () => ({ next: () => ({ done: true, value }) }) };
}

/** Answers each query with its name and an exclamation mark, and notes what was asked for at once. */
function follow<T>(steps: Steps<T>, asked: string[][]): T {
  const work = steps[Symbol.iterator]();
  let step = work.next();
  while (!step.done) {
    const queries: readonly Query[] = step.value;
    asked.push(queries.map(({ name }) => name));
    step = work.next(queries.map(({ name }) => ({ rows: [{ said: `${name}!` }], changes: 0 })));
  }
  return step.value;
}
