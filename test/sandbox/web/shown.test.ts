import { expect, test } from 'vitest';
import { readText } from '../../../sandbox/web/read-text.ts';
import { showRequest } from '../../../sandbox/web/shown.ts';

const types = (text: string) => readText(text).map(({ type }) => type);

test('a text is read as Discord reads it', () => {
  expect(types('**bold** *leaning* `code` ||hidden|| ~~gone~~')).toEqual(
    expect.arrayContaining(['strong', 'em', 'inlineCode', 'spoiler', 'strikethrough']),
  );
  expect(readText('in <t:60:R>')).toContainEqual({ type: 'timestamp', timestamp: '60', format: 'R' });
  expect(readText('[here](https://example.com/a_b)')).toMatchObject([
    { type: 'link', target: 'https://example.com/a_b' },
  ]);
  expect(types('\\*plain\\*')).toEqual(['text', 'text', 'text']);
  expect(types('> quoted\n-# small')).toEqual(['blockQuote', 'subtext']);
  expect(readText(undefined)).toEqual([]);
});

test('a request is shown without secrets, its long strings cut', () => {
  const request = {
    at: 0,
    method: 'POST',
    path: '/webhooks/1/secret/messages/%40original',
    status: null,
    code: null,
    body: { images: [`data:image/png;base64,${'A'.repeat(5000)}`], token: 'secret' },
  };
  const shown = showRequest(request, (text) => text.replaceAll('secret', '{token}'), 12);
  expect(shown).toMatchObject({ to: 'JimmyAI', tookMs: 12, path: '/webhooks/1/{token}/messages/@original' });
  expect(shown.body).toContain('(5,022 characters)');
  expect(shown.body.length).toBeLessThan(500);
  expect(shown.body).not.toContain('secret');
});
