import { expect, test } from 'vitest';
import { missingDescription, requestProblems } from './discord-openapi.ts';

const where = missingDescription
  ? ` (NOT CHECKED: Discord's description is not at ${missingDescription})`
  : '';

test.skipIf(missingDescription)(`requests are checked against Discord's own description${where}`, () => {
  const route = '/webhooks/{webhook_id}/{webhook_token}/messages/@original';
  expect(requestProblems([{ method: 'PATCH', route, body: { content: 'hello' } }])).toEqual([]);
  expect(requestProblems([{ method: 'PATCH', route, body: { content: 'x'.repeat(2001) } }])).not.toEqual([]);
  expect(requestProblems([{ method: 'PATCH', route: '/nowhere', body: {} }])).not.toEqual([]);
});
