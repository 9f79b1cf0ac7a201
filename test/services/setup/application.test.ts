import { expect, test } from 'vitest';
import { type Application, ApplicationSchema, adviseOn } from '../../../src/services/setup/application.ts';

const WELL: Application = {
  id: '200000000000000001',
  name: 'imagine',
  owner: { id: '1' },
  integration_types_config: { 0: {}, 1: {} },
};

test('of an application that is set up well, and of what Discord does not tell, nothing is said', () => {
  expect(adviseOn(WELL)).toEqual([]);
  expect(adviseOn({ id: '2', name: 'imagine', owner: { id: '1' } })).toEqual([]);
});

test.each<[string, Partial<Application>, boolean, string, RegExp]>([
  [
    'interactions that go elsewhere',
    { interactions_endpoint_url: 'https://a.test' },
    true,
    'information',
    /Interactions Endpoint URL/,
  ],
  [
    'an invitation that needs a code',
    { bot_require_code_grant: true },
    true,
    'bot',
    /Requires OAuth2 Code Grant/,
  ],
  ['no server install', { integration_types_config: { 1: {} } }, true, 'installation', /Guild Install/],
  ['no account install', { integration_types_config: { 0: {} } }, false, 'installation', /User Install/],
  ['no owner', { owner: null }, true, 'information', /no owner/],
  [
    'a team that nobody is in',
    { team: { members: [{ membership_state: 1 }] } },
    true,
    'information',
    /no owner/,
  ],
  ['a public bot', { bot_public: true }, false, 'bot', /Public Bot is on: .*your coins/],
  ['a private bot', { bot_public: false }, false, 'bot', /Public Bot is off/],
])('%s is said, with the page to change it on', (_, differs, isProblem, page, says) => {
  expect(adviseOn({ ...WELL, ...differs })).toEqual([
    {
      isProblem,
      says: expect.stringMatching(says),
      page: `https://discord.com/developers/applications/200000000000000001/${page}`,
    },
  ]);
});

test('a team that somebody is in is an owner', () => {
  expect(adviseOn({ ...WELL, owner: null, team: { members: [{ membership_state: 2 }] } })).toEqual([]);
});

test.each([
  ['without the bot', ['applications.commands'], '274878024704', 1],
  ['without a permission', ['bot', 'applications.commands'], '2048', 1],
  ['with all', ['bot', 'applications.commands'], '274878024704', 0],
  ['with Administrator', ['bot', 'applications.commands'], '8', 0],
])("Discord's own button %s is compared to what the bot needs", (_, scopes, permissions, advices) => {
  const asked = { oauth2_install_params: { scopes, permissions } };
  expect(adviseOn({ ...WELL, integration_types_config: { 0: asked, 1: {} } })).toHaveLength(advices);
});

test('problems come before what is only good to know', () => {
  const application = { ...WELL, bot_public: true, bot_require_code_grant: true, owner: null };
  expect(adviseOn(application).map(({ isProblem }) => isProblem)).toEqual([true, true, false]);
});

test('fields that are new or missing do not matter', () => {
  expect(ApplicationSchema.safeParse({ id: '1', name: 'a', later: [1] }).success).toBe(true);
  expect(ApplicationSchema.safeParse({ id: '<html>', name: 'a' }).success).toBe(false);
});
