import { expect, test } from 'vitest';
import { isContentPolicy, isModelUnavailable } from '../../../src/services/image-service/refusal-words.ts';

test.each([
  'Your request was rejected as a result of our safety system.',
  'This prompt may violate our content policy',
  'Image flagged by moderation',
  'moderation_blocked',
  'NSFW content detected',
  'Request contains adult content',
  'Output blocked: graphic violence',
  'finishReason: RECITATION',
  'DataInspectionFailed',
  'I can’t help with that.',
  'I am unable to create images of a real person',
  '提示词包含敏感信息',
  '内容违规，请修改',
  '图片未通过审核',
  '提示词包含不良信息',
  '安全检测不通过',
  '该内容涉及未成年人，拒绝生成',
  '不符合相关法律法规',
  '內容違規，審核未通過',
])('"%s" says that the content was refused', (words) => {
  expect(isContentPolicy(words)).toBe(true);
});

test.each([
  'Internal server error',
  'upstream timed out',
  'Illegal argument: ratio',
  'request blocked by the rate limiter',
  'a wrong minor version',
  'method not allowed',
  '生成失败，请重试',
  '参数非法',
  '禁止访问',
  '余额不足',
  '',
])('"%s" does not', (words) => {
  expect(isContentPolicy(words)).toBe(false);
});

test.each([
  '配置不存在',
  '模型配置不存在',
  'model not found',
  'The model does not exist',
  'model_not_available',
])('"%s" says that the account doesn’t have the model', (words) => {
  expect(isModelUnavailable(words)).toBe(true);
});

test.each(['任务不存在', 'task not found', 'model is overloaded', 'a fox that does not exist', ''])(
  '"%s" doesn’t',
  (words) => {
    expect(isModelUnavailable(words)).toBe(false);
  },
);
