import { expect, test } from 'vitest';
import {
  type AccountTrouble,
  admitProbe,
  afterCall,
  afterLook,
  COUNT_EVERY_MS,
  foundAtStart,
  isConfirmed,
  PROBE_EVERY_MS,
} from '../../../src/services/account/trouble.ts';
import type { Attempt } from '../../../src/services/jimmyai/client.ts';

const NOW = 1_000_000;
const MINUTE_MS = 60_000;
const tried = (call: Attempt['call'], outcome: Attempt['outcome']): Attempt => ({
  call,
  outcome,
  isRetry: false,
});
const refused = afterCall(null, tried('create', 'authentication'), NOW) as AccountTrouble;
const broke = afterCall(null, tried('create', 'credit'), NOW) as AccountTrouble;

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
  expect(afterCall(null, tried('catalog', 'authentication'), NOW)).toBeNull();
  expect(afterLook(null, 'no-credit', NOW)).toBeNull();
});

test('a create that works ends it, and nothing else that works does', () => {
  expect(afterCall(refused, tried('create', 'ok'), NOW)).toBeNull();
  expect(afterCall(refused, tried('query', 'ok'), NOW)).toEqual(refused);
  expect(afterCall(refused, tried('balance', 'ok'), NOW)).toEqual(refused);
});

test('what the balance has shown, the balance ends', () => {
  expect(afterLook(afterLook(refused, 'key-refused', NOW), 'fine', NOW)).toBeNull();
  expect(afterLook(afterLook(broke, 'no-credit', NOW), 'fine', NOW)).toBeNull();
});

test('coins that did not pay for a create shut nobody out, however many fail', () => {
  let trouble: AccountTrouble | null = afterLook(broke, 'fine', NOW);
  for (let at = NOW; at < NOW + 60 * MINUTE_MS; at += MINUTE_MS) {
    trouble = afterCall(trouble, tried('create', 'credit'), at);
    expect(trouble && isConfirmed(trouble)).toBe(false);
    trouble = afterLook(trouble, 'fine', at);
  }
  trouble = afterLook(trouble, 'no-credit', NOW);
  expect(trouble && isConfirmed(trouble)).toBe(true);
});

test('a key that the balance takes and creates refuse is tried by a request a minute later', () => {
  const looked = afterLook(refused, 'fine', NOW) as AccountTrouble;
  expect(admitProbe(looked, NOW + MINUTE_MS - 1)).toBeNull();
  expect(admitProbe(looked, NOW + MINUTE_MS)).not.toBeNull();
});

test('against a balance that sees nothing wrong, one failure shuts nobody out, and three do', () => {
  let trouble = refused;
  expect(isConfirmed(trouble)).toBe(false);
  for (const failures of [1, 2, 3]) {
    trouble = afterLook(trouble, 'fine', NOW) as AccountTrouble;
    expect(isConfirmed(trouble)).toBe(failures === 3);
    trouble = afterCall(
      trouble,
      tried('create', 'authentication'),
      NOW + failures * COUNT_EVERY_MS,
    ) as AccountTrouble;
  }
});

test.each(['create', 'query'] as const)('what fails together counts once, here each %s of many', (call) => {
  let trouble: AccountTrouble | null = null;
  for (let at = NOW; at < NOW + COUNT_EVERY_MS; at += 1000) {
    trouble = afterCall(trouble, tried(call, 'authentication'), at);
  }
  expect(trouble && isConfirmed(trouble)).toBe(false);
});

test('what failed before the balance saw nothing wrong convicts nobody afterwards', () => {
  const again = afterCall(refused, tried('create', 'authentication'), NOW + COUNT_EVERY_MS) as AccountTrouble;
  const doubted = afterLook(again, 'fine', NOW + COUNT_EVERY_MS) as AccountTrouble;
  const next = afterCall(
    doubted,
    tried('create', 'authentication'),
    NOW + 2 * COUNT_EVERY_MS,
  ) as AccountTrouble;
  expect(isConfirmed(next)).toBe(false);
  expect(isConfirmed(afterLook(foundAtStart('key-refused', NOW), 'fine', NOW) as AccountTrouble)).toBe(false);
});

test('the key’s part of the balance says that the key is taken, and nothing of the coins', () => {
  expect(afterLook(afterLook(broke, 'no-credit', NOW), 'key-taken', NOW)).not.toBeNull();
  expect(isConfirmed(afterLook(broke, 'key-taken', NOW) as AccountTrouble)).toBe(true);
  expect(afterLook(afterLook(refused, 'key-refused', NOW), 'key-taken', NOW)).toBeNull();
  expect(isConfirmed(afterLook(refused, 'key-taken', NOW) as AccountTrouble)).toBe(false);
});

test.each([null, 'key-refused'] as const)('one failure is enough where the balance says %s', (finding) => {
  const looked = afterLook(refused, finding, NOW) as AccountTrouble;
  expect(isConfirmed(looked)).toBe(true);
});

test('where no balance is told, one request goes through after five minutes, and then none for a while', () => {
  const looked = afterLook(refused, null, NOW) as AccountTrouble;
  expect(admitProbe(looked, NOW + PROBE_EVERY_MS - 1)).toBeNull();
  const trying = admitProbe(looked, NOW + PROBE_EVERY_MS) as AccountTrouble;
  expect(admitProbe(trying, NOW + PROBE_EVERY_MS + 1)).toBeNull();
  const failed = afterCall(
    trying,
    tried('create', 'authentication'),
    NOW + PROBE_EVERY_MS + 2,
  ) as AccountTrouble;
  expect(admitProbe(failed, NOW + 2 * PROBE_EVERY_MS)).toBeNull();
  expect(admitProbe(failed, NOW + 2 * PROBE_EVERY_MS + 2)).not.toBeNull();
});

test('a request that went through and never reached the service leaves the way to another one', () => {
  const trying = admitProbe(refused, NOW + PROBE_EVERY_MS) as AccountTrouble;
  expect(admitProbe(trying, NOW + PROBE_EVERY_MS + MINUTE_MS)).not.toBeNull();
});

test('a balance that shows it may be wrong: one request tries all the same, every five minutes', () => {
  let trouble: AccountTrouble | null = refused;
  let tries = 0;
  for (let at = NOW; at <= NOW + 60 * MINUTE_MS; at += MINUTE_MS) {
    trouble = afterLook(trouble, 'key-refused', at);
    const trying = trouble && admitProbe(trouble, at);
    if (trying) {
      tries += 1;
      trouble = afterCall(trying, tried('create', 'authentication'), at);
    }
  }
  expect(tries).toBe(12);
});

test('queries that fail all the time put no try off', () => {
  let trouble: AccountTrouble | null = refused;
  for (let at = NOW; at <= NOW + PROBE_EVERY_MS; at += 1000) {
    trouble = afterCall(trouble, tried('query', 'authentication'), at);
  }
  expect(trouble && admitProbe(trouble, NOW + PROBE_EVERY_MS)).not.toBeNull();
});

test('after a restart the first request may try at once, whatever the balance says', () => {
  const found = foundAtStart('key-refused', NOW);
  expect(admitProbe(found, NOW)).not.toBeNull();
  expect(admitProbe(afterLook(found, 'key-refused', NOW) as AccountTrouble, NOW)).not.toBeNull();
});
