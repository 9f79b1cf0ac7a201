import { expect, test } from 'vitest';
import { placeUrl, replyUrl } from '../../src/commands/message-link.ts';
import { generationRow } from '../services/rows.ts';

const here = { id: '6', channelId: '5' };
const elsewhere = { id: '6', channelId: '7' };

test.each([
  ['a reply in a server', { message: here }, 'https://discord.com/channels/4/5/6'],
  ['a reply in direct messages', { message: here, guildId: null }, 'https://discord.com/channels/@me/5/6'],
  [
    'one that came as a direct message instead',
    { message: elsewhere },
    'https://discord.com/channels/@me/7/6',
  ],
])('%s can be jumped to', (_, changes, url) => {
  expect(replyUrl(generationRow(changes))).toBe(url);
  expect(placeUrl(generationRow(changes))).toBe(url);
});

test('a reply whose place is not known cannot be jumped to', () => {
  expect(replyUrl(generationRow())).toBeNull();
  expect(placeUrl(generationRow())).toBeNull();
});

test.each([
  ['in a server', { message: here }, 'https://discord.com/channels/4/5'],
  ['in direct messages', { message: here, guildId: null }, 'https://discord.com/channels/@me/5'],
])('a reply %s that only one person saw leads no further than its channel', (_, changes, url) => {
  const generation = generationRow({ ...changes, private: true });
  expect(replyUrl(generation)).toBeNull();
  expect(placeUrl(generation)).toBe(url);
});
