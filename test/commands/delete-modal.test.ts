import { expect, test } from 'vitest';
import { deleteModal } from '../../src/commands/delete-modal.ts';
import { modalProblems } from './limits.ts';
import { en, languages } from './views.ts';

test('an owner chooses what goes, and reads what stays; the message alone is what is picked', () => {
  const shown = JSON.stringify(deleteModal('id', true, en));
  expect(shown).toContain('your /history keeps the image');
  expect(shown).toMatch(/"value":"message"[^}]*"default":true/);
  expect(shown).toContain('"value":"everything"');
});

test('whoever manages messages can take away the message alone, and reads whose history keeps it', () => {
  const shown = JSON.stringify(deleteModal('id', false, en));
  expect(shown).not.toContain('everything');
  expect(shown).not.toContain('your /history');
  expect(shown).toContain('the history of the person who asked for it');
});

test.each(languages)('in %s, it is within Discord’s limits', (_, text) => {
  for (const isOwn of [true, false]) expect(modalProblems(deleteModal('id', isOwn, text))).toEqual([]);
});
