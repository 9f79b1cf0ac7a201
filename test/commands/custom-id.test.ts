import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Action,
  DETAIL_MAX_CHARACTERS,
  decodeCustomId,
  encodeCustomId,
} from '../../src/commands/custom-id.ts';
import { createHandlers } from '../../src/commands/index.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';

const handlers = createHandlers(MODEL_IDS);

const actions: Action[] = [...handlers.buttons, ...handlers.modals].map(({ action }) => action);

test('what is encoded is decoded again, within the 100 characters that Discord gives', () => {
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.option(fc.uuid()), (action, subject) => {
      const id = encodeCustomId({ action, subject });
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decodeCustomId(id)).toEqual({ action, subject });
    }),
  );
});

test('a detail, such as the words of a search, comes back as it was, whatever is in it', () => {
  const characters = fc.constantFrom('a', '0', ':', ' ', '\n', '-', '"', '雪', '🦊', 'e\u0301');
  const details = fc
    .array(characters, { minLength: 1, maxLength: DETAIL_MAX_CHARACTERS })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.uuid(), details, (action, subject, words) => {
      const detail = words.slice(0, DETAIL_MAX_CHARACTERS);
      const id = encodeCustomId({ action, subject, detail });
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decodeCustomId(id)).toEqual({ action, subject, detail });
    }),
  );
});

test('buttons that were sent before there were details still work', () => {
  expect(decodeCustomId('cancel:0190b6a0-0000-7000-8000-012389abcdef')).toEqual({
    action: 'cancel',
    subject: '0190b6a0-0000-7000-8000-012389abcdef',
  });
  expect(decodeCustomId('forget-now')).toEqual({ action: 'forget-now', subject: null });
});

test('anything else is nobody’s button', () => {
  for (const id of ['', ':', 'cancel:', 'explode:1', 'constructor', 'cancel:1:', 'cancel: 1', 'cancel::2']) {
    expect(decodeCustomId(id), id).toBeNull();
  }
  fc.assert(
    fc.property(fc.string(), (id) => {
      const decoded = decodeCustomId(id);
      expect(decoded === null || actions.includes(decoded.action)).toBe(true);
    }),
  );
});
