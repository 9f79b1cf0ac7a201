const CONTENT_POLICY_WORDS = new RegExp(
  [
    'polic(?:y|ies)|safety|moderat(?:ion|ed)|sensitive|nsfw|prohibited|inappropriate|guidelines',
    'content[_ ]?(?:filter|violation|restrict|block|check)|(?:prompt|image|content|input|output)s? (?:was |were |is |has been )?(?:flagged|blocked|rejected by|not allowed)',
    'responsible[_ ]ai|unsafe|harmful|offensive|explicit content|sexual|nudity|\\bnudes?\\b|violat(?:es|ed|ing) (?:our|the|its|usage|content)|copyright|terms of (?:service|use)',
    '(?:disallowed|adult|illegal) content|\\bporn|\\bhate(?:ful)?\\b|self[ _-]harm|\\bviolen(?:ce|t)\\b|\\bgore\\b|\\bminors\\b|\\ba minor\\b|public figure|celebrit|trademark|infring|recitation',
    'risk[_ ]control|guardrail|harm[_ ]categor|data[_ ]?inspection|block[_ ]?reason|our filters?\\b|refused to (?:generate|draw)',
    // The words of a model that answers with text instead of an image.
    "\\bI(?: am|['’]m)? (?:can(?:no|['’])t|unable|not able) ",
    '违规|违反|违禁|敏感|审核|审查|内容安全|安全策略|安全系统|安全过滤|内容过滤|不合规|不当内容|不安全|不适宜|不允许生成|风控|色情|涉黄|低俗|裸露|暴力|血腥|涉政|政治|侵权|版权',
    '内容不当|不当信息|不良信息|非法内容|违法|法律法规|禁止生成|拒绝生成|检测不通过|未通过安全|未成年|鉴黄|涉暴|暴恐|裸体|内容受限|内容.{0,4}拦截',
    '違規|違反|違禁|違法|審核|審查|不當內容|內容不當|內容安全|侵權|版權',
  ].join('|'),
  'i',
);

/** Whether the service's words (an error's `msg`, a failed task's reason) say that the content was refused. */
export function isContentPolicy(text: string): boolean {
  return CONTENT_POLICY_WORDS.test(text);
}

const CREDIT_WORDS = /insufficient|\bbalance\b|quota|余额不足|额度/i;

/** Whether the service's words name an empty balance or an exhausted key quota: neither has a documented code. */
export function isOutOfCredit(text: string): boolean {
  return CREDIT_WORDS.test(text);
}

const ACCOUNT_EMPTY_WORDS =
  /余额不足|额度(不足|已用|用完|耗尽)|insufficient[_ ](\w+ )?(balance|credits?|quota|funds)|(balance|credits?) (is |are )?(insufficient|too low|exhausted)/i;

/** Whether the words can mean nothing but an empty account or key, whatever code they come with. */
export function isAccountEmpty(text: string): boolean {
  return ACCOUNT_EMPTY_WORDS.test(text);
}

const MODEL_UNAVAILABLE_WORDS =
  /配置不存在|模型(配置)?(不存在|未配置|未开通|不可用|已下线)|(未找到|找不到|不支持)(该|此|这个)?模型|model[_ ](config(uration)?[_ ])?(is[_ ])?(not[_ ](found|configured|available|supported|exist)|does(n['’]t| not) exist|unavailable)|no such model/i;

/** Whether a create's words say that the account doesn't have the model. */
export function isModelUnavailable(text: string): boolean {
  return MODEL_UNAVAILABLE_WORDS.test(text);
}

const NOT_FOUND_WORDS =
  /not[_ ]?found|no such|unknown[_ ]task|(task|id) (does not|doesn['’]t) exist|不存在|未找到|找不到|查无/i;

/** Whether a query's words say that there is no such task. */
export function isNotFound(text: string): boolean {
  return NOT_FOUND_WORDS.test(text);
}
