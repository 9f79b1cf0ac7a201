import { expect, test } from 'vitest';
import {
  afterCall,
  afterLook,
  foundAtStart,
  isCertain,
  letThrough,
  TRY_EVERY_MS,
  type Trouble,
} from '../../../src/services/account/trouble.ts';
import type { Attempt } from '../../../src/services/jimmyai/client.ts';

const NOW = 1_000_000;
const MINUTE_MS = 60_000;
const tried = (call: Attempt['call'], outcome: Attempt['outcome']): Attempt => ({
  call,
  outcome,
  isRetry: false,
});
const refused = afterCall(null, tried('create', 'authentication'), NOW) as Trouble;
const broke = afterCall(null, tried('create', 'credit'), NOW) as Trouble;

test.each([
  ['a create whose key is refused', tried('create', 'authentication'), 'key-refused'],
  ['a query whose key is refused', tried('query', 'authentication'), 'key-refused'],
  ['a create without credit', tried('create', 'credit'), 'no-credit'],
])('%s is trouble', (_, attempt, kind) => {
  expect(afterCall(null, attempt, NOW)?.kind).toBe(kind);
});

test.each(['ok', 'parameters', 'content-policy', 'rate-limited', 'unavailable', 'timeout'] as const)(
  'a create that ends in %s is none',
  (outcome) => {
    expect(afterCall(null, tried('create', outcome), NOW)).toBeNull();
  },
);

test('a balance alone makes no trouble: it may be told wrongly', () => {
  expect(afterCall(null, tried('balance', 'authentication'), NOW)).toBeNull();
  expect(afterLook(null, 'no-credit', NOW)).toBeNull();
});

test('a create that works ends it, and nothing else that works does', () => {
  expect(afterCall(refused, tried('create', 'ok'), NOW)).toBeNull();
  expect(afterCall(refused, tried('query', 'ok'), NOW)).toEqual(refused);
  expect(afterCall(refused, tried('balance', 'ok'), NOW)).toEqual(refused);
});

test('what the balance has shown, the balance ends', () => {
  expect(afterLook(afterLook(refused, 'key-refused', NOW), 500, NOW)).toBeNull();
  expect(afterLook(afterLook(broke, 'no-credit', NOW), 500, NOW)).toBeNull();
});

test('coins that did not pay for the create end nothing, more coins do', () => {
  const looked = afterLook(broke, 5, NOW);
  expect(afterLook(looked, 5, NOW)?.kind).toBe('no-credit');
  expect(afterLook(looked, 4, NOW)?.kind).toBe('no-credit');
  expect(afterLook(looked, 6, NOW)).toBeNull();
});

test('a key that the balance takes and creates refuse is tried by a request a minute later', () => {
  const looked = afterLook(refused, 500, NOW) as Trouble;
  expect(letThrough(looked, NOW + MINUTE_MS - 1)).toBeNull();
  expect(letThrough(looked, NOW + MINUTE_MS)).not.toBeNull();
});

test('against a balance that sees nothing wrong, one failure shuts nobody out, and three do', () => {
  expect(isCertain(refused)).toBe(false);
  const doubted = afterLook(refused, 500, NOW) as Trouble;
  expect(isCertain(doubted)).toBe(false);
  const again = afterCall(doubted, tried('create', 'authentication'), NOW) as Trouble;
  expect(isCertain(again)).toBe(false);
  const third = afterCall(again, tried('create', 'authentication'), NOW) as Trouble;
  expect(isCertain(third)).toBe(true);
});

test.each([null, 'key-refused'] as const)('one failure is enough where the balance says %s', (finding) => {
  const looked = afterLook(refused, finding, NOW) as Trouble;
  expect(isCertain(looked)).toBe(true);
});

test('where no balance is told, one request goes through after five minutes, and then none for a while', () => {
  const looked = afterLook(refused, null, NOW) as Trouble;
  expect(letThrough(looked, NOW + TRY_EVERY_MS - 1)).toBeNull();
  const trying = letThrough(looked, NOW + TRY_EVERY_MS) as Trouble;
  expect(letThrough(trying, NOW + TRY_EVERY_MS + 1)).toBeNull();
  const failed = afterCall(trying, tried('create', 'authentication'), NOW + TRY_EVERY_MS + 2) as Trouble;
  expect(letThrough(failed, NOW + 2 * TRY_EVERY_MS)).toBeNull();
  expect(letThrough(failed, NOW + 2 * TRY_EVERY_MS + 2)).not.toBeNull();
});

test('a request that went through and never reached the service leaves the way to another one', () => {
  const trying = letThrough(refused, NOW + TRY_EVERY_MS) as Trouble;
  expect(letThrough(trying, NOW + TRY_EVERY_MS + MINUTE_MS)).not.toBeNull();
});

test('while the balance shows it, nobody has to try', () => {
  let trouble: Trouble | null = refused;
  for (let at = NOW; at < NOW + 60 * MINUTE_MS; at += MINUTE_MS) {
    trouble = afterLook(trouble, 'key-refused', at);
    expect(trouble && letThrough(trouble, at)).toBeNull();
  }
});

test('after a restart the first request may try at once', () => {
  expect(letThrough(foundAtStart('key-refused', NOW), NOW)).not.toBeNull();
});
