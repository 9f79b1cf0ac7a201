import { expect, test } from 'vitest';
import { literal, quote, relativeTime } from '../../src/commands/markdown.ts';

test.each([
  [
    '**bold** _it_ ~~no~~ `code` ||spoiler||',
    '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\` \\|\\|spoiler\\|\\|',
  ],
  [
    '@everyone @here <@123> <#4> <t:1:R> <:a:1>',
    '\\@everyone \\@here \\<@123> \\<#4> \\<t\\:1:R> \\<\\:a:1>',
  ],
  ['[free](https://evil.example)', '\\[free\\](https\\://evil.example)'],
  ['# big\n- item\n1. first\n> quote\n-# small', '\\# big\n\\- item\n1\\. first\n\\> quote\n\\-# small'],
  [':fire: at 12:30', '\\:fire: at 12:30'],
  ['back\\slash', 'back\\\\slash'],
])('%j is shown as it was written', (text, escaped) => {
  expect(literal(text)).toBe(escaped);
});

test('an ordinary prompt needs no backslash', () => {
  const prompt = 'A fox & a hare, 35 mm (f/1.8) - "golden hour": 100% real!';
  expect(literal(prompt)).toBe(prompt);
});

test('every line of a quote is quoted', () => {
  expect(quote(' one\r\ntwo *2*\n')).toBe('> one\n> two \\*2\\*');
});

test('a relative time counts in whole seconds', () => {
  expect(relativeTime(1_700_000_000_400)).toBe('<t:1700000000:R>');
});
