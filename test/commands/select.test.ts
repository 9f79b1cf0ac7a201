import { ComponentType, type ModalSubmitFields } from 'discord.js';
import { expect, test } from 'vitest';
import { pickedIn, pickOne } from '../../src/commands/select.ts';

const SIZES = ['s', 'm', 'l'] as const;

test('every value can be picked, and the one that is there already is', () => {
  const { component, label } = pickOne('size', 'Size', SIZES, 'm', (size) => size.toUpperCase());
  expect(label).toBe('Size');
  expect(component).toMatchObject({
    type: ComponentType.StringSelect,
    custom_id: 'size',
    required: true,
    min_values: 1,
    max_values: 1,
    options: [
      { value: 's', label: 'S', default: false },
      { value: 'm', label: 'M', default: true },
      { value: 'l', label: 'L', default: false },
    ],
  });
});

test('what may be left out starts without a pick', () => {
  const { component } = pickOne('size', 'Size', SIZES, null, String, { required: false });
  expect(component).toMatchObject({ required: false, min_values: 0 });
  expect(JSON.stringify(component)).not.toContain('"default":true');
});

test.each([
  ['a value', ['l'], 'l'],
  ['nothing', [], null],
  ['what is no value of it', ['xxl'], null],
])('where %s was picked, that is what comes back', (_, picked, value) => {
  expect(pickedIn(fieldsWith(picked), 'size', SIZES)).toBe(value);
});

function fieldsWith(picked: readonly string[]): ModalSubmitFields {
  const size = { customId: 'size', type: ComponentType.StringSelect, values: picked };
  return { fields: new Map([['size', size]]) } as unknown as ModalSubmitFields;
}
