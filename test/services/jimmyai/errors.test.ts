import { expect, test } from 'vitest';
import { isContentPolicy } from '../../../src/services/jimmyai/errors.ts';

test.each([
  'Your request was rejected as a result of our safety system.',
  'This prompt may violate our content policy',
  'Image flagged by moderation',
  'moderation_blocked',
  'NSFW content detected',
  '提示词包含敏感信息',
  '内容违规，请修改',
  '图片未通过审核',
])('"%s" says that the content was refused', (words) => {
  expect(isContentPolicy(words)).toBe(true);
});

test.each(['Internal server error', 'upstream timed out', '生成失败，请重试', '余额不足', ''])(
  '"%s" does not',
  (words) => {
    expect(isContentPolicy(words)).toBe(false);
  },
);
