import { MessageFlags } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Message } from '../../../sandbox/discord/index.ts';
import { renderMessage } from '../../../sandbox/terminal/render-message.ts';

const NOW = 1_700_000_000_000;
const message = { content: '', embeds: [], attachments: [], flags: 0 } as unknown as Message;

test('times, escapes and small print read as in Discord', () => {
  const embeds = [
    { description: 'ready <t:1700000020:R>\n-# \\*literal\\*', footer: { text: '1K' } },
  ] as Message['embeds'];
  expect(renderMessage({ ...message, embeds }, NOW)).toEqual(['ready in 20 s', '*literal*', '1K']);
});

test('a file is shown with its pixels and size', () => {
  const attachments = [{ filename: 'fox.png', width: 10, height: 20, size: 2048 }] as Message['attachments'];
  expect(renderMessage({ ...message, attachments }, NOW)).toEqual(['📎 fox.png (10 × 20, 2 KB)']);
});

test('buttons are shown by their labels', () => {
  const components = [
    { type: 1, components: [{ type: 2, style: 2, label: 'Cancel', custom_id: 'cancel:1' }] },
  ];
  expect(renderMessage({ ...message, components } as Message, NOW)).toEqual(['[Cancel]']);
});

test('what only one person sees is marked', () => {
  const lines = renderMessage({ ...message, content: 'psst', flags: MessageFlags.Ephemeral }, NOW);
  expect(lines).toEqual(['psst', '(only you can see this)']);
});

test('a deferred reply thinks', () => {
  expect(renderMessage({ ...message, flags: MessageFlags.Loading }, NOW)).toEqual(['is thinking …']);
});
