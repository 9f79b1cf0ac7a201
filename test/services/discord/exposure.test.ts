import { expect, test } from 'vitest';
import { describeExposure } from '../../../src/services/discord/exposure.ts';

const application = { id: '1', bot_public: true };

test.each([
  ['an application that has never chosen', {}, 'add this bot to their servers. Set'],
  [
    'one for accounts alone',
    { integration_types_config: { '1': {} } },
    'add this bot to their own account. Set',
  ],
  [
    'one that is in servers and accounts',
    { approximate_guild_count: 1, approximate_user_install_count: 12 },
    '(now in about 1 server and 12 accounts)',
  ],
])('%s is open to strangers, and the line says where', (_, settings, words) => {
  const found = describeExposure({ ...application, ...settings });
  expect(found).toEqual({ isOpen: true, words: expect.stringContaining(words) });
  expect(found.words).toContain('https://discord.com/developers/applications/1/bot');
});

test('a private one is not', () => {
  expect(describeExposure({ ...application, bot_public: false })).toMatchObject({ isOpen: false });
});
