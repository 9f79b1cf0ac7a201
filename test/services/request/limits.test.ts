import { expect, test } from 'vitest';
import { type HostLimits, limitsFor, NO_LIMITS, room } from '../../../src/services/request/limits.ts';

const host: HostLimits = {
  person: { running: 3, waiting: 10, perDay: null },
  server: { running: 20, waiting: null, perDay: 100 },
  overall: { tasks: 50, perDay: null },
  unit: 'images',
};

test('a server that sets nothing has what the host allows', () => {
  expect(limitsFor(host, { guildId: 'g' })).toEqual({ ...host, member: NO_LIMITS });
});

test('a server can be stricter than the host, and never more generous', () => {
  const own = {
    member: { running: 1, waiting: null, perDay: 5 },
    server: { running: 5, waiting: 9, perDay: 1000 },
  };
  expect(limitsFor(host, { guildId: 'g', own })).toEqual({
    ...host,
    member: own.member,
    server: { running: 5, waiting: 9, perDay: 100 },
  });
});

test('where there is no server, no server’s limit applies', () => {
  expect(limitsFor(host, { guildId: null })).toEqual({ ...host, member: NO_LIMITS, server: NO_LIMITS });
});

test('there is always room where there is no limit, and never less than none', () => {
  expect(room(null, 1_000)).toBe(Number.POSITIVE_INFINITY);
  expect(room(3, 1)).toBe(2);
  expect(room(3, 5)).toBe(0);
});
