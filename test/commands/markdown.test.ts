import { parse } from 'discord-markdown-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileName, literal, quote, relativeTime } from '../../src/commands/markdown.ts';

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

test('whatever is written, Discord finds nothing in it but text', () => {
  const pieces = fc.constantFrom(
    ...['*', '**', '_', '__', '~~', '||', '`', '```', '\\', '\n', '> ', '>>> ', '# ', '-# ', '- ', '1. '],
    ...[
      '[a](https://e.vil)',
      '<https://e.vil>',
      'https://e.vil',
      '<@1>',
      '<@&1>',
      '<#1>',
      '</a:1>',
      '<t:1:R>',
    ],
    ...[
      '<:a:1>',
      '<a:b:1>',
      ':fire:',
      '@everyone',
      '@here',
      ' ',
      'a',
      '雪',
      '🦊',
      '\u202e',
      '\u200b',
      '\ufe0f',
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (written) => {
      const found = parse(literal(written.join('')), 'extended').map(({ type }: { type: string }) => type);
      for (const type of found) expect(['text', 'br', 'newline', 'emoji', 'twemoji']).toContain(type);
    }),
    { numRuns: 2000 },
  );
});

test('what is escaped at the start of a line is so after any number of line breaks', () => {
  const breaks = '\n \r\u2028\t'.repeat(50_000);
  expect(literal(`${breaks}# fox`)).toBe(`${breaks}\\# fox`);
  expect(literal(`${breaks}1. fox`)).toBe(`${breaks}1\\. fox`);
});

test('nothing turns the direction of what follows it', () => {
  expect(literal('fox\u202egnp.exe \u2066a\u2069')).toBe('foxgnp.exe a');
});

test('a file’s name stays short, on one line and literal', () => {
  expect(fileName('a*b\n# c.png')).toBe('a\\*b # c.png');
  expect(fileName('*'.repeat(1000))).toHaveLength(199);
});

test('no character begins a line outside of the quote', () => {
  for (const end of ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029']) {
    expect(quote(`one${end}two`)).toBe('> one\n> two');
  }
});

test('every line of a quote is quoted', () => {
  expect(quote(' one\r\ntwo *2*\n')).toBe('> one\n> two \\*2\\*');
});

test('a relative time counts in whole seconds', () => {
  expect(relativeTime(1_700_000_000_400)).toBe('<t:1700000000:R>');
});
