import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { withModelsTable } from '../support/models-table.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url).pathname;

test('docs/members.md has the table of models as it is; `npx vitest run test/ci/models-table.test.ts -u` writes it', async () => {
  const document = readFileSync(at('docs/members.md'), 'utf8');
  await expect(withModelsTable(document)).toMatchFileSnapshot(at('docs/members.md'));
});

test('.env.example names every model', () => {
  const example = readFileSync(at('.env.example'), 'utf8');
  expect(MODEL_IDS.filter((id) => !example.includes(id))).toEqual([]);
});
