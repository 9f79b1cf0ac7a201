import fc from 'fast-check';
import { expect, test } from 'vitest';
import { altText, imageFileName } from '../../../src/services/images/naming.ts';

test.each([
  ['a fox in the snow', 'a-fox-in-the-snow-gpt-image-2.png'],
  ['  A Fox, in the SNOW!  ', 'a-fox-in-the-snow-gpt-image-2.png'],
  ['雪中的狐狸', '雪中的狐狸-gpt-image-2.png'],
  ['../../etc/passwd', 'etc-passwd-gpt-image-2.png'],
  ['🦊🦊', 'gpt-image-2.png'],
])('the prompt %j becomes the file name %s', (prompt, name) => {
  expect(imageFileName({ prompt, model: 'gpt-image-2' }, null, 'png')).toBe(name);
});

test('of several images, each has its number in its name', () => {
  expect(imageFileName({ prompt: 'a fox', model: 'some/flux:dev' }, null, 'png')).toBe(
    'a-fox-some-flux-dev.png',
  );
  expect(imageFileName({ prompt: 'a fox', model: 'gpt-image-2' }, 3, 'webp')).toBe(
    'a-fox-gpt-image-2-3.webp',
  );
});

test('whatever the prompt, the file name is short and holds no separator, dot or control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (prompt) => {
      const name = imageFileName({ prompt, model: 'm' }, null, 'png');
      expect(name.length).toBeLessThanOrEqual(120);
      expect(name).toMatch(/^(?:[\p{L}\p{N}\p{M}-]+-)?m\.png$/u);
    }),
  );
});

test('the alt text is the prompt, at most 1024 characters of it', () => {
  expect(altText(' a fox ')).toBe('a fox');
  expect(altText('x'.repeat(2000))).toHaveLength(1024);
});
