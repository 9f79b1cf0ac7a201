import { DiscordAPIError, HTTPError } from 'discord.js';
import { expect, test } from 'vitest';
import {
  isGone,
  isPassing,
  isRefused,
  isTokenDead,
  isTooLarge,
} from '../../../src/services/discord/errors.ts';

type Kind = 'gone' | 'too large' | 'passing' | 'refused' | 'token dead' | 'nothing';

test.each<[string, unknown, Kind]>([
  ['a deleted message', api(404, 10008), 'gone'],
  ['a deleted channel', api(404, 10003), 'gone'],
  ['missing permissions', api(403, 50013), 'gone'],
  ['closed direct messages', api(403, 50007), 'gone'],
  ['an archived thread', api(400, 50083), 'gone'],
  ['a file over the limit', api(413, 40005), 'too large'],
  ['a file over another of the limits', api(400, 50045), 'too large'],
  [
    'a server error',
    new HTTPError(502, 'Bad Gateway', 'PATCH', 'https://discord.com', { body: undefined, files: [] }),
    'passing',
  ],
  ['a rate limit', api(429, 0), 'passing'],
  ['a proxy that blocks for now', api(403, 0), 'passing'],
  ['an edge that blocks for now', api(403, 40333), 'passing'],
  ['a webhook that Discord does not know at the moment', api(404, 10015), 'passing'],
  ['a 401 without a code', api(401, 0), 'passing'],
  ['a lost connection', Object.assign(new Error('socket'), { code: 'ECONNRESET' }), 'passing'],
  [
    'a name that does not resolve right now',
    Object.assign(new Error('dns'), { code: 'EAI_AGAIN' }),
    'passing',
  ],
  ['explicit content', api(400, 20009), 'refused'],
  ['a text that the server’s rules block', api(400, 200000), 'refused'],
  ['a malformed body', api(400, 50035), 'refused'],
  ['a dead interaction token', api(401, 50027), 'token dead'],
  ['a mistake of our own', new TypeError('undefined is not a function'), 'nothing'],
])('%s is told apart', (_, error, kind) => {
  expect({
    gone: isGone(error) && !isTokenDead(error),
    'too large': isTooLarge(error),
    passing: isPassing(error),
    refused: isRefused(error),
    'token dead': isTokenDead(error),
  }).toEqual({
    gone: kind === 'gone',
    'too large': kind === 'too large',
    passing: kind === 'passing',
    refused: kind === 'refused',
    'token dead': kind === 'token dead',
  });
});

function api(status: number, code: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'no' }, code, status, 'PATCH', 'https://discord.com', {
    body: undefined,
    files: [],
  });
}
