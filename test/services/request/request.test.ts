import { expect, test } from 'vitest';
import { MODEL_IDS, RATIOS, RESOLUTIONS } from '../../../src/services/request/models.ts';
import {
  type Attachment,
  findAttachmentProblem,
  findProblem,
  findShapeProblem,
  type ImageRequest,
  largerResolution,
} from '../../../src/services/request/request.ts';
import { qualityToSend } from '../../../src/services/request/sent.ts';

const request: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  ratio: 'auto',
  resolution: '1k',
  quality: null,
  transparent: false,
  count: 1,
};
const photo: Attachment = {
  name: 'fox.jpg',
  url: 'https://cdn.discordapp.com/fox.jpg',
  size: 1000,
  contentType: 'image/jpeg',
};

test('a prompt alone is enough', () => {
  expect(findProblem(request, 0)).toBeNull();
});

test('the refusal of a ratio names those that are taken', () => {
  expect(findProblem({ ...request, resolution: '4k' }, 0)).toEqual({
    kind: 'ratio',
    model: 'gpt-image-2',
    resolution: '4k',
    allowed: ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'],
  });
});

test.each(['', ' ', '\n\t', '\u200b\u2800\u3164'])('a prompt that shows nothing (%j) is empty', (prompt) => {
  expect(findProblem({ ...request, prompt }, 0)).toEqual({ kind: 'empty-prompt' });
});

test('a prompt may have 4000 characters and no more', () => {
  expect(findProblem({ ...request, prompt: 'x'.repeat(4000) }, 0)).toBeNull();
  expect(findProblem({ ...request, prompt: 'x'.repeat(4001) }, 0)).toEqual({
    kind: 'prompt-too-long',
    max: 4000,
  });
});

test('a model takes as many references as it can use', () => {
  expect(findProblem({ ...request, model: 'nano-banana' }, 5)).toBeNull();
  expect(findProblem({ ...request, model: 'nano-banana' }, 6)).toEqual({
    kind: 'too-many-references',
    model: 'nano-banana',
    max: 5,
    given: 6,
  });
  expect(findProblem(request, 16)).toBeNull();
  expect(findProblem(request, 17)?.kind).toBe('too-many-references');
});

test('an attachment that says it is no image is refused; one that says nothing is looked at later', () => {
  const text = { ...photo, name: 'notes.txt', contentType: 'text/plain; charset=utf-8' };
  expect(findAttachmentProblem([photo, text])).toEqual({
    kind: 'not-an-image',
    name: 'notes.txt',
    format: null,
  });
  expect(findAttachmentProblem([{ ...photo, contentType: null }])).toBeNull();
  const drawing = { ...photo, name: 'logo.svg', contentType: 'image/svg+xml' };
  expect(findAttachmentProblem([drawing])).toEqual({ kind: 'not-an-image', name: 'logo.svg', format: 'SVG' });
});

test('an attachment above 25 MiB is refused by its size', () => {
  const size = 25 * 1024 * 1024;
  expect(findAttachmentProblem([{ ...photo, size }])).toBeNull();
  expect(findAttachmentProblem([{ ...photo, size: size + 1 }])).toEqual({
    kind: 'reference-too-large',
    name: 'fox.jpg',
    maxBytes: size,
  });
});

test('a quality goes only to a model that has one, where the default of the API stands in for none', () => {
  expect(qualityToSend({ model: 'gpt-image-2', quality: null })).toBe('low');
  expect(qualityToSend({ model: 'gpt-image-2', quality: 'high' })).toBe('high');
  expect(qualityToSend({ model: 'nano-banana-pro', quality: 'high' })).toBeNull();
});

test('the next larger resolution is the one that the model makes in the same shape', () => {
  const shape = { model: 'gpt-image-2', ratio: '1:1', resolution: '1k' } as const;
  expect(largerResolution(shape)).toBe('2k');
  expect(largerResolution({ ...shape, resolution: '2k' })).toBeNull();
  expect(largerResolution({ ...shape, resolution: '2k', ratio: '16:9' })).toBe('4k');
  expect(largerResolution({ ...shape, resolution: '2k', model: 'nano-banana' })).toBe('4k');
  expect(largerResolution({ ...shape, resolution: '4k', model: 'nano-banana' })).toBeNull();
});

test('what is offered as larger can always be asked for', () => {
  for (const model of MODEL_IDS) {
    for (const ratio of RATIOS) {
      for (const resolution of RESOLUTIONS) {
        const larger = largerResolution({ model, ratio, resolution });
        if (larger === null) continue;
        expect(RESOLUTIONS.indexOf(larger)).toBeGreaterThan(RESOLUTIONS.indexOf(resolution));
        const isMade = findShapeProblem({ model, ratio, resolution }) === null;
        if (isMade) expect(findProblem({ ...request, model, ratio, resolution: larger }, 1)).toBeNull();
      }
    }
  }
});
