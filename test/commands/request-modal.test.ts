import type { ModalSubmitFields } from 'discord.js';
import { expect, test } from 'vitest';
import { readRequest, requestModal } from '../../src/commands/request-modal.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { generationRow } from '../services/rows.ts';
import { filledIn } from '../support/filled-in.ts';
import { modalProblems } from './limits.ts';
import { en, languages, longPrompts } from './views.ts';

const { request } = generationRow({ request: { count: 3 } });
const id = { action: 'reference', subject: generationRow().id, detail: '4' } as const;
const words = { title: 'Edit prompt' };

test('a form is filled with what the request is now', () => {
  expect(filledIn(requestModal(id, request, words, MODEL_IDS, en))).toEqual({
    prompt: ['a *fox*'],
    model: ['gpt-image-2'],
    ratio: ['16:9'],
    resolution: ['4k'],
    quality: ['high'],
  });
});

test('a quality that the model does not have is not picked', () => {
  const filled = filledIn(requestModal(id, { ...request, model: 'nano-banana' }, words, MODEL_IDS, en));
  expect(filled.quality).toEqual([]);
});

test('submitted as it is, it is the same request', () => {
  const submitted = fieldsWith(filledIn(requestModal(id, request, words, MODEL_IDS, en)));
  expect(readRequest(submitted, request, MODEL_IDS)).toEqual(request);
});

test('what was changed is changed, and what the form does not ask for stays', () => {
  const fields = fieldsWith({
    prompt: ['a hare'],
    model: ['nano-banana-pro'],
    ratio: ['1:1'],
    resolution: ['2k'],
    quality: [],
  });
  expect(readRequest(fields, request, MODEL_IDS)).toEqual({
    prompt: 'a hare',
    model: 'nano-banana-pro',
    ratio: '1:1',
    resolution: '2k',
    quality: null,
    transparent: false,
    count: 3,
  });
});

test.each([
  ['without their values', { model: undefined, ratio: undefined, resolution: undefined, quality: undefined }],
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
  const fields = fieldsWith({ prompt: ['x'], model: ['gpt-image-1'], ratio: ['7:5'], resolution: ['8k'] });
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
      for (const title of [text.modal.edit, text.modal.reference]) {
        const modal = requestModal(id, { ...request, prompt }, { title, change }, MODEL_IDS, text);
        expect(modalProblems(modal), locale).toEqual([]);
        expect(
          modalProblems(requestModal(id, { ...request, prompt }, { title }, MODEL_IDS, text)),
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
    expect(modalProblems(requestModal(id, { ...request, prompt }, words, MODEL_IDS, text))).toEqual([]);
  }
});
