import { ComponentType, type ModalSubmitFields } from 'discord.js';
import { expect, test } from 'vitest';
import { allPickedIn, pickedIn, pickInSight, pickOne, pickSome } from '../../src/commands/select.ts';

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

test('few values are in sight, one of them picked', () => {
  const { component } = pickInSight('size', 'Size', SIZES, 'm', String);
  expect(component).toMatchObject({ type: ComponentType.RadioGroup, custom_id: 'size', required: true });
  expect(JSON.stringify(component).match(/"default":true/g)).toHaveLength(1);
});

test('where any number can be picked, none need be', () => {
  const { component } = pickSome('size', 'Size', SIZES, ['s', 'l'], String);
  expect(component).toMatchObject({ required: false, min_values: 0, max_values: 3 });
  expect(JSON.stringify(component).match(/"default":true/g)).toHaveLength(2);
});

test('all that was picked comes back in the order of the values, and nothing else', () => {
  expect(allPickedIn(fieldsWith(['l', 'xxl', 's']), 'size', SIZES)).toEqual(['s', 'l']);
  expect(allPickedIn(fieldsWith([]), 'size', SIZES)).toEqual([]);
  expect(allPickedIn(fieldsWith([]), 'colour', SIZES)).toBeNull();
});

test('a radio group says its one value', () => {
  const size = { customId: 'size', type: ComponentType.RadioGroup, value: 'l' };
  const fields = { fields: new Map([['size', size]]) } as unknown as ModalSubmitFields;
  expect(pickedIn(fields, 'size', SIZES)).toBe('l');
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
