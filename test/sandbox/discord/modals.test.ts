import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, type Interaction, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    { name: 'change', description: 'Changes' },
  ]);
});
afterEach(() => discord.close());

type Fields = Record<string, unknown>;

function show({ id, token }: Interaction, data: Fields) {
  const body = { type: 9, data: { custom_id: 'form', title: 'Form', ...data } };
  return call(discord, 'POST', `/interactions/${id}/${token}/callback`, body, { token: null });
}

const text = (extra: Fields = {}) => ({ type: 4, custom_id: 'text', style: 1, ...extra });
const option = (value: string, extra: Fields = {}) => ({ label: value, value, ...extra });
const select = (extra: Fields = {}) => ({
  type: 3,
  custom_id: 'pick',
  options: [option('a'), option('b'), option('c')],
  ...extra,
});
const people = (extra: Fields = {}) => ({ type: 5, custom_id: 'people', ...extra });
const files = (extra: Fields = {}) => ({ type: 19, custom_id: 'files', ...extra });
const radios = (extra: Fields = {}) => ({ ...select(extra), type: 21 });
const boxes = (extra: Fields = {}) => ({ ...select(extra), type: 22 });
const label = (component: object, extra: Fields = {}) => ({ type: 18, label: 'Label', component, ...extra });
const labelled = (component: object, extra: Fields = {}) => ({ components: [label(component, extra)] });
const texts = (count: number) =>
  Array.from({ length: count }, (_, index) => label(text({ custom_id: `text-${index}` })));
const chosen = (...values: string[]) => values.map((value) => option(value, { default: true }));
const many = (count: number) => Array.from({ length: count }, (_, index) => option(`${index}`));

describe('a modal is shown', () => {
  test.each<[string, Fields]>([
    [
      'with as much as it can hold',
      { title: 'x'.repeat(45), custom_id: 'x'.repeat(100), components: texts(5) },
    ],
    ['with a text as long as allowed', labelled(text({ value: 'x'.repeat(4000), max_length: 4000 }))],
    ['with a text that is empty, though one of ten is wanted', labelled(text({ value: '', min_length: 10 }))],
    ['with an option chosen', labelled(select({ options: [...chosen('a'), option('b')] }))],
    ['with nothing to pick', labelled(select({ min_values: 0, required: false }))],
    ['with a select that is not disabled', labelled(select({ disabled: false }))],
    ['with every box ticked', labelled(boxes({ options: chosen('a', 'b', 'c') }))],
    ['with words between its fields', { components: [{ type: 10, content: 'Hi' }, label(text())] }],
    ['with up to ten files', labelled(files({ max_values: 10 }))],
    ['with pictures alone', labelled(files({ file_types: ['image', '.pdf'] }))],
    ['with a radio chosen', labelled(radios({ options: [...chosen('a'), option('b')] }))],
  ])('%s', async (_, data) => {
    const { status, body } = await show(discord.interact.command({ name: 'change' }), data);
    expect([status, body]).toEqual([204, undefined]);
  });
});

describe('a modal is refused', () => {
  const inLabel = 'components.0.component';
  test.each<[string, Fields, string]>([
    ['without title', { title: undefined, components: texts(1) }, 'title'],
    ['with a title over 45', { title: 'x'.repeat(46), components: texts(1) }, 'title'],
    ['without custom_id', { custom_id: undefined, components: texts(1) }, 'custom_id'],
    ['with an empty custom_id', { custom_id: '', components: texts(1) }, 'custom_id'],
    ['with a custom_id over 100', { custom_id: 'x'.repeat(101), components: texts(1) }, 'custom_id'],
    ['without components', { components: [] }, 'components'],
    ['with six components', { components: texts(6) }, 'components'],
    [
      'with a button',
      { components: [{ type: 1, components: [{ type: 2 }] }] },
      'components.0.components.0.type',
    ],
    ['with a field outside a label', { components: [select()] }, 'components.0.type'],
    [
      'with two fields in a row',
      { components: [{ type: 1, components: [text(), text()] }] },
      'components.0.components.1',
    ],
    ['with a label without text', labelled(text(), { label: undefined }), 'components.0.label'],
    ['with a label over 45', labelled(text(), { label: 'x'.repeat(46) }), 'components.0.label'],
    ['with an empty description', labelled(text(), { description: '' }), 'components.0.description'],
    [
      'with a description over 100',
      labelled(text(), { description: 'x'.repeat(101) }),
      'components.0.description',
    ],
    ['with a label of nothing', { components: [{ type: 18, label: 'x' }] }, inLabel],
    [
      'with a button in a label',
      labelled({ type: 2, style: 1, custom_id: 'x', label: 'x' }),
      `${inLabel}.type`,
    ],
    ['with a field without custom_id', labelled(text({ custom_id: undefined })), `${inLabel}.custom_id`],
    [
      'with a field’s custom_id over 100',
      labelled(text({ custom_id: 'x'.repeat(101) })),
      `${inLabel}.custom_id`,
    ],
    [
      'with two fields of one custom_id',
      { components: [label(text()), label(text())] },
      'components.1.component.custom_id',
    ],
    ['with a text input without style', labelled(text({ style: undefined })), `${inLabel}.style`],
    ['with an empty label on a text input', labelled(text({ label: '' })), `${inLabel}.label`],
    ['with a text over 4000', labelled(text({ value: 'x'.repeat(4001) })), `${inLabel}.value`],
    ['with a text over its own limit', labelled(text({ value: 'xxx', max_length: 2 })), `${inLabel}.value`],
    ['with a text under its own limit', labelled(text({ value: 'x', min_length: 2 })), `${inLabel}.value`],
    ['with a limit over 4000', labelled(text({ max_length: 4001 })), `${inLabel}.max_length`],
    [
      'with limits that exclude each other',
      labelled(text({ min_length: 3, max_length: 2 })),
      `${inLabel}.max_length`,
    ],
    [
      'with a placeholder over 100',
      labelled(text({ placeholder: 'x'.repeat(101) })),
      `${inLabel}.placeholder`,
    ],
    ['with a select without options', labelled(select({ options: [] })), `${inLabel}.options`],
    ['with a select of 26 options', labelled(select({ options: many(26) })), `${inLabel}.options`],
    [
      'with an option’s label over 100',
      labelled(select({ options: [option('a', { label: 'x'.repeat(101) })] })),
      `${inLabel}.options.0.label`,
    ],
    [
      'with two options of one value',
      labelled(select({ options: [option('a'), option('a')] })),
      `${inLabel}.options.1.value`,
    ],
    ['with more to pick than there is', labelled(select({ max_values: 4 })), `${inLabel}.max_values`],
    [
      'with two chosen of a select of one',
      labelled(select({ options: chosen('a', 'b') })),
      `${inLabel}.options`,
    ],
    ['with two chosen radios', labelled(radios({ options: chosen('a', 'b') })), `${inLabel}.options`],
    ['with one radio', labelled(radios({ options: [option('a')] })), `${inLabel}.options`],
    ['with eleven boxes', labelled(boxes({ options: many(11) })), `${inLabel}.options`],
    [
      'with more people than can be picked',
      labelled(
        people({
          default_values: [
            { type: 'user', id: '1' },
            { type: 'user', id: '2' },
          ],
        }),
      ),
      `${inLabel}.default_values`,
    ],
    [
      'with fewer people than must be picked',
      labelled(people({ min_values: 2, max_values: 3, default_values: [{ type: 'user', id: '1' }] })),
      `${inLabel}.default_values`,
    ],
    ['with a disabled select', labelled(select({ disabled: true })), `${inLabel}.disabled`],
    ['with a required select of none', labelled(select({ min_values: 0 })), `${inLabel}.min_values`],
    [
      'with a required upload of none',
      labelled(files({ min_values: 0, required: true })),
      `${inLabel}.min_values`,
    ],
    ['with required boxes of none', labelled(boxes({ min_values: 0 })), `${inLabel}.min_values`],
    ['with an upload of eleven files', labelled(files({ max_values: 11 })), `${inLabel}.max_values`],
    ['with files of no known type', labelled(files({ file_types: ['png'] })), `${inLabel}.file_types`],
    [
      'with an upload into a row',
      { components: [{ type: 1, components: [files()] }] },
      'components.0.components.0.type',
    ],
  ])('%s', async (_, data, path) => {
    const { status, body } = await show(discord.interact.command({ name: 'change' }), data);
    expect([status, body.code]).toEqual([400, 50035]);
    expect(body.errors).toHaveProperty(`data.${path}._errors`);
  });
});

test('a select of one in a message has at most one option chosen', async () => {
  const components = [{ type: 1, components: [select({ options: chosen('a', 'b') })] }];
  const { body } = await call(discord, 'POST', `/channels/${discord.channel.id}/messages`, { components });
  expect(body.errors).toHaveProperty('components.0.components.0.options._errors');
});

test('all boxes of a group can be ticked unless it says otherwise', async () => {
  const interaction = discord.interact.command({ name: 'change' });
  await show(interaction, labelled(boxes()));
  const modal = await interaction.response();
  discord.interact.submitModal({ modal, fields: { pick: ['a', 'b', 'c'] } });
  expect(() => discord.interact.submitModal({ modal, fields: { pick: [] } })).toThrow('1 to 3');
});

test('a field takes as many files as it says, and of no other types', async () => {
  const interaction = discord.interact.command({ name: 'change' });
  await show(interaction, labelled(files({ max_values: 2, file_types: ['image'] })));
  const modal = await interaction.response();
  const file = (name: string) => ({ name, bytes: new Uint8Array(8) });
  const submit = (...names: string[]) =>
    discord.interact.submitModal({ modal, fields: { files: names.map(file) } });
  submit('fox.PNG', 'hare.jpg');
  expect(() => submit('1.png', '2.png', '3.png')).toThrow('1 to 2');
  expect(() => submit('fox.txt')).toThrow('takes no .txt file');
});
