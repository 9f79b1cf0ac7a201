/** Chinese words of the image service and their meanings; the first that is found counts. */
const MEANINGS: readonly [RegExp, string][] = [
  [/余额不足|额度(不足|已用|用完|耗尽)/, 'insufficient balance'],
  [/敏感|违规|违反|审核|不合规/, 'content that isn’t allowed'],
  [/繁忙|拥挤|排队/, 'the service is busy'],
  [/频繁|限流/, 'too many requests'],
  [/超时/, 'timed out'],
  [/维护/, 'under maintenance'],
  [/参数/, 'an invalid parameter'],
  [/密钥|鉴权|未授权/, 'an invalid key'],
  [/不存在|未找到/, 'not found'],
  [/失败|错误|异常/, 'an error'],
];

/** Whether the words are Chinese, so that readers of other languages need an explanation. */
export function isChinese(words: string): boolean {
  return /\p{Script=Han}/u.test(words);
}

/** The rough meaning of the service's Chinese words in English; null when unknown. */
export function meaningOf(words: string): string | null {
  return MEANINGS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
