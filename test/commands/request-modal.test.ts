import type { ModalSubmitFields } from 'discord.js';
import { expect, test } from 'vitest';
import { filesIn } from '../../src/commands/files-field.ts';
import { readRequest, requestModal } from '../../src/commands/request-modal.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { generationRow } from '../services/rows.ts';
import { filledIn } from '../support/filled-in.ts';
import { modalProblems } from './limits.ts';
import { en, languages, longPrompts } from './views.ts';

const { request } = generationRow({ request: { count: 3 } });
const id = { action: 'reference', subject: generationRow().id, detail: '4' } as const;
const about = { title: 'Edit prompt', references: { given: 2, stay: false } };

test('a form is filled with what the request is now', () => {
  expect(filledIn(requestModal(id, request, about, MODEL_IDS, en))).toEqual({
    prompt: ['a *fox*'],
    model: ['gpt-image-2'],
    ratio: ['16:9'],
    options: ['count:3', 'resolution:4k', 'quality:high'],
  });
});

test('a quality that the model does not have is not picked', () => {
  const filled = filledIn(requestModal(id, { ...request, model: 'nano-banana' }, about, MODEL_IDS, en));
  expect(filled.options).toEqual(['count:3', 'resolution:4k']);
});

test('submitted as it is, it is the same request', () => {
  const submitted = fieldsWith(filledIn(requestModal(id, request, about, MODEL_IDS, en)));
  expect(readRequest(submitted, request, MODEL_IDS)).toEqual(request);
});

test('what was changed is changed, and what the form does not ask for stays', () => {
  const fields = fieldsWith({
    prompt: ['a hare'],
    model: ['nano-banana-pro'],
    ratio: ['1:1'],
    options: ['count:3', 'resolution:2k', 'transparent:true'],
  });
  expect(readRequest(fields, request, MODEL_IDS)).toEqual({
    prompt: 'a hare',
    model: 'nano-banana-pro',
    ratio: '1:1',
    resolution: '2k',
    quality: null,
    transparent: true,
    count: 3,
  });
});

test('of the options a new one takes the place of the one that was there, also where that stays picked', () => {
  const read = (...options: string[]) => readRequest(fieldsWith({ options }), request, MODEL_IDS);
  const was = ['count:3', 'resolution:4k', 'quality:high'];
  expect(read(...was, 'count:1')).toEqual({ ...request, count: 1 });
  expect(read(...was, 'resolution:1k', 'quality:low')).toEqual({
    ...request,
    resolution: '1k',
    quality: 'low',
  });
  expect(read(...was, 'count:2', 'count:4')).toMatchObject({ count: 2 });
  expect(read('count:9', 'quality:best')).toEqual({ ...request, quality: null });
});

test('a quality that nobody picked is not asked of another model', () => {
  const bare = { ...request, quality: null };
  const options = filledIn(requestModal(id, bare, about, MODEL_IDS, en)).options;
  expect(options).toContain('quality:low');
  expect(readRequest(fieldsWith({ options }), bare, MODEL_IDS)).toEqual(bare);
});

test('files take the place of the references, or come besides them, as the form said', () => {
  const file = { name: 'fox.png', url: 'https://cdn.test/fox.png', size: 8, contentType: 'image/png' };
  const sent = (name: string) => {
    const field = { values: ['1', '2'], attachments: new Map([['1', file]]) };
    return { fields: new Map([[name, field]]) } as unknown as ModalSubmitFields;
  };
  expect(filesIn(sent('references'))).toEqual({ files: [file], stay: false });
  expect(filesIn(sent('more-references'))).toEqual({ files: [file], stay: true });
  expect(filesIn(fieldsWith({ prompt: ['a hare'] }))).toEqual({ files: [], stay: true });
});

test('of more files than a form takes no more are read', () => {
  const file = { name: 'fox.png', url: 'https://cdn.test/fox.png', size: 8, contentType: 'image/png' };
  const ids = Array.from({ length: 30 }, (_, index) => String(index));
  const field = { values: ids, attachments: new Map(ids.map((id) => [id, file])) };
  const fields = { fields: new Map([['references', field]]) } as unknown as ModalSubmitFields;
  expect(filesIn(fields).files).toHaveLength(10);
});

test('the form says what becomes of the references that there are', () => {
  const said = (given: number, stay: boolean) =>
    JSON.stringify(requestModal(id, request, { title: 'x', references: { given, stay } }, MODEL_IDS, en));
  expect(said(0, false)).toContain('Images to work from, up to ten');
  expect(said(1, false)).toContain('The one that is there stays, unless you choose others here');
  expect(said(3, false)).toContain('The 3 that are there stay');
  expect(said(1, true)).toContain('They go along with the image');
});

test.each([
  ['without their values', { model: undefined, ratio: undefined, options: undefined }],
  ['not at all', {}],
])('what was typed is kept where the selections come %s, and those stay as they were', (_, selections) => {
  const fields = fieldsWith({ prompt: ['what I typed'], ...selections });
  expect(readRequest(fields, request, MODEL_IDS)).toEqual({ ...request, prompt: 'what I typed' });
});

test('a form that comes without its prompt leaves the one that there was', () => {
  const fields = fieldsWith({ model: ['nano-banana'] });
  expect(readRequest(fields, request, MODEL_IDS)).toMatchObject({
    prompt: request.prompt,
    model: 'nano-banana',
  });
});

test('what no longer exists leaves the request as it was', () => {
  const fields = fieldsWith({ prompt: ['x'], model: ['gpt-image-1'], ratio: ['7:5'], options: undefined });
  expect(readRequest(fields, request, MODEL_IDS)).toMatchObject({
    model: 'gpt-image-2',
    ratio: '16:9',
    resolution: '4k',
  });
});

test('it stays within Discord’s limits in every language, also with the longest prompt', () => {
  for (const [locale, text] of languages) {
    const change = { label: text.modal.change, hint: text.modal.changeHint };
    for (const prompt of ['', 'a fox', 'x'.repeat(4000)]) {
      for (const given of [0, 1, 10]) {
        const edit = { title: text.modal.edit, references: { given, stay: false } };
        const reference = { title: text.modal.reference, change, references: { given, stay: true } };
        for (const form of [edit, reference])
          expect(
            modalProblems(requestModal(id, { ...request, prompt }, form, MODEL_IDS, text)),
            locale,
          ).toEqual([]);
      }
    }
  }
});

function fieldsWith(values: Record<string, readonly string[] | undefined>): ModalSubmitFields {
  const fields = Object.entries(values).map(([name, given]) => [
    name,
    name === 'prompt' ? { value: given?.[0] } : { values: given },
  ]);
  return { fields: new Map(fields as [string, object][]) } as unknown as ModalSubmitFields;
}

test.each(
  Object.entries({ ...longPrompts, 'a prompt that is longer than Discord takes': 'e\u0301'.repeat(3000) }),
)('%s fits the form', (_, prompt) => {
  for (const [, text] of languages) {
    expect(modalProblems(requestModal(id, { ...request, prompt }, about, MODEL_IDS, text))).toEqual([]);
  }
});
