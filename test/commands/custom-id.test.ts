import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ButtonAction, decodeButtonId, encodeButtonId } from '../../src/commands/custom-id.ts';

const actions: ButtonAction[] = ['cancel', 'check', 'retry', 'send', 'export', 'forget', 'forget-now'];

test('what is encoded is decoded again, within the 100 characters that Discord gives', () => {
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.option(fc.uuid()), (action, subject) => {
      const id = encodeButtonId({ action, subject });
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decodeButtonId(id)).toEqual({ action, subject });
    }),
  );
});

test('anything else is nobody’s button', () => {
  for (const id of ['', ':', 'cancel:', 'explode:1', 'constructor', 'cancel:1:2', 'cancel: 1']) {
    expect(decodeButtonId(id), id).toBeNull();
  }
  fc.assert(
    fc.property(fc.string(), (id) => {
      const decoded = decodeButtonId(id);
      expect(decoded === null || actions.includes(decoded.action)).toBe(true);
    }),
  );
});
