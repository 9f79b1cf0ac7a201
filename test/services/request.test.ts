import { expect, test } from 'vitest';
import { MODEL_IDS, QUALITIES, RATIOS, type Ratio, RESOLUTIONS } from '../../src/services/models.ts';
import {
  type Attachment,
  findProblem,
  type ImageRequest,
  qualityToSend,
} from '../../src/services/request.ts';

const request: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  ratio: 'auto',
  resolution: '1k',
  quality: null,
};
const photo: Attachment = {
  name: 'fox.jpg',
  url: 'https://cdn.discordapp.com/fox.jpg',
  size: 1000,
  contentType: 'image/jpeg',
};

test('a prompt alone is enough', () => {
  expect(findProblem(request, [])).toBeNull();
});

test('gpt-image-2 at 4K takes the six ratios of the reference page, and every other model takes all', () => {
  const wide: Ratio[] = ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'];
  for (const model of MODEL_IDS) {
    for (const ratio of Object.keys(RATIOS) as Ratio[]) {
      const problem = findProblem({ ...request, model, ratio, resolution: '4k' }, []);
      const refused = model === 'gpt-image-2' && !wide.includes(ratio);
      expect(problem?.kind ?? null, `${model} ${ratio}`).toBe(refused ? 'ratio' : null);
    }
  }
});

test('the refusal of a ratio names those that are taken', () => {
  expect(findProblem({ ...request, resolution: '4k' }, [])).toEqual({
    kind: 'ratio',
    model: 'gpt-image-2',
    resolution: '4k',
    ratio: 'auto',
    allowed: ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'],
  });
});

test.each(['', ' ', '\n\t'])('a prompt of white space (%j) is empty', (prompt) => {
  expect(findProblem({ ...request, prompt }, [])).toEqual({ kind: 'empty-prompt' });
});

test('a prompt may have 4000 characters and no more', () => {
  expect(findProblem({ ...request, prompt: 'x'.repeat(4000) }, [])).toBeNull();
  expect(findProblem({ ...request, prompt: 'x'.repeat(4001) }, [])).toEqual({
    kind: 'prompt-too-long',
    max: 4000,
  });
});

test('a model takes as many references as it can use', () => {
  const six = Array.from({ length: 6 }, () => photo);
  expect(findProblem({ ...request, model: 'nano-banana' }, six.slice(1))).toBeNull();
  expect(findProblem({ ...request, model: 'nano-banana' }, six)).toEqual({
    kind: 'too-many-references',
    model: 'nano-banana',
    max: 5,
    given: 6,
  });
  expect(findProblem(request, six)).toBeNull();
});

test('an attachment that says it is no image is refused; one that says nothing is looked at later', () => {
  const text = { ...photo, name: 'notes.txt', contentType: 'text/plain; charset=utf-8' };
  expect(findProblem(request, [photo, text])).toEqual({ kind: 'not-an-image', name: 'notes.txt' });
  expect(findProblem(request, [{ ...photo, contentType: null }])).toBeNull();
  const drawing = { ...photo, name: 'logo.svg', contentType: 'image/svg+xml' };
  expect(findProblem(request, [drawing])).toEqual({ kind: 'not-an-image', name: 'logo.svg' });
});

test('an attachment above 25 MiB is refused by its size', () => {
  const size = 25 * 1024 * 1024;
  expect(findProblem(request, [{ ...photo, size }])).toBeNull();
  expect(findProblem(request, [{ ...photo, size: size + 1 }])).toEqual({
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

test('the tables hold what the reference page lists', () => {
  expect(MODEL_IDS).toEqual(['gpt-image-2', 'nano-banana', 'nano-banana-2', 'nano-banana-pro']);
  expect(Object.keys(RATIOS)).toHaveLength(16);
  expect(Object.keys(RESOLUTIONS)).toEqual(['1k', '2k', '4k']);
  expect(Object.keys(QUALITIES)).toEqual(['low', 'medium', 'high']);
});
