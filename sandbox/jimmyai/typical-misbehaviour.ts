import type { Misbehaviour, Where } from './misbehaviour.ts';
import { pick, type Random } from './random.ts';

type Kind = Misbehaviour['kind'];

/** The calls that misbehaviours are planned for. */
export type MisbehavingEndpoint = 'create' | 'upload' | 'tool';

/** A misbehaviour of this kind with random details, for an upload, for a tool, or for a task from its create on. */
export function typicalMisbehaviour(kind: Kind, endpoint: MisbehavingEndpoint, random: Random): Misbehaviour {
  return TYPICAL[kind](random, pick(random, PLACES[endpoint]));
}

/** Whether misbehaviours of the kind can strike a create's task, an upload or a tool. */
export function canStrike(kind: Kind, endpoint: MisbehavingEndpoint): boolean {
  if (endpoint === 'upload') return UPLOAD_KINDS.includes(kind);
  return endpoint === 'tool' ? TOOL_KINDS.includes(kind) : kind !== 'upload-missing';
}

/** Reasons of failed tasks, as services of this kind word them. */
export const FAILURE_REASONS = [
  'Image generation failed, please try again later',
  'Your request was rejected by the safety system (content_policy_violation)',
  '内容违规:提示词包含敏感信息',
  '生成失败,请稍后重试',
] as const;

const ERRORS = [
  { code: '-1', msg: 'server error' },
  { code: -1, msg: '系统繁忙', status: 500 },
  { code: '50013', msg: '上游服务异常' },
] as const;

const PLACES: Record<MisbehavingEndpoint, readonly Where[]> = {
  create: [{ at: 'create' }, { at: 'create', created: true }, { at: 'query', repeat: 2 }, { at: 'download' }],
  upload: [{ at: 'upload' }],
  tool: [{ at: 'tool' }, { at: 'tool', made: true }],
};

/** A 429 comes before the service, so never after a task was created. A proxy's page with 503 may. */
function untaken(where: Where): Where {
  if (where.at === 'tool') return { at: 'tool' };
  return where.at === 'create' ? { at: 'create' } : where;
}

const UPLOAD_KINDS: readonly Kind[] = [
  'dropped',
  'hang',
  'unavailable',
  'too-many-requests',
  'html',
  'error-code',
  'upload-missing',
];

const TOOL_KINDS: readonly Kind[] = [
  'dropped',
  'hang',
  'unavailable',
  'too-many-requests',
  'html',
  'error-code',
  'out-of-credit',
  'slow',
  'inline-image',
];

const ONE_PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const TYPICAL: Record<Kind, (random: Random, where: Where) => Misbehaviour> = {
  dropped: (_, where) => ({ kind: 'dropped', ...where }),
  hang: (_, where) => ({ kind: 'hang', ...where }),
  unavailable: (_, where) => ({ kind: 'unavailable', ...where }),
  'too-many-requests': (random, where) => ({
    kind: 'too-many-requests',
    retryAfterSeconds: pick(random, [1, 2, 3]),
    form: pick(random, ['seconds', 'date'] as const),
    ...untaken(where),
  }),
  html: (random, where) => ({ kind: 'html', status: pick(random, [200, 502]), ...where }),
  'error-code': (random, where) => ({ kind: 'error-code', ...pick(random, ERRORS), ...where }),
  'out-of-credit': (_, where) => ({ kind: 'out-of-credit', at: where.at === 'tool' ? 'tool' : 'create' }),
  'upload-missing': () => ({ kind: 'upload-missing', at: 'upload' }),
  slow: (random) => ({ kind: 'slow', factor: 2 + 8 * random() }),
  stuck: () => ({ kind: 'stuck' }),
  failed: (random) => ({ kind: 'failed', reason: pick(random, FAILURE_REASONS) }),
  'success-code': (random) => ({ kind: 'success-code', code: pick(random, [0, '0', 20000]) }),
  'lagging-replica': (random) => ({
    kind: 'lagging-replica',
    queries: pick(random, [1, 2, 4]),
    as: pick(random, ['bad-parameters', 'not-found', 'words'] as const),
  }),
  'inline-image': (random) => ({
    kind: 'inline-image',
    as: pick(random, ['data-uri', 'spaced-data-uri', 'b64_json', 'openai', 'json-string'] as const),
  }),
  'other-form': (random) => ({
    kind: 'other-form',
    as: pick(random, ['event-stream', 'json-lines', 'file', 'heartbeats'] as const),
  }),
  'failed-oddly': (random) => ({
    kind: 'failed-oddly',
    as: pick(random, ['object', 'json', 'html', 'nested'] as const),
    reason: pick(random, FAILURE_REASONS),
  }),
  'number-code': () => ({ kind: 'number-code' }),
  'no-envelope': () => ({ kind: 'no-envelope' }),
  'faq-names': () => ({ kind: 'faq-names' }),
  'older-words': () => ({ kind: 'older-words' }),
  'other-words': (random) => ({
    kind: 'other-words',
    completed: pick(random, ['done', 'TASK_STATUS_SUCCEED', '已完成']),
    failed: pick(random, ['FAIL', 'rejected', '失败']),
  }),
  wrapped: (random) => ({ kind: 'wrapped', as: pick(random, ['envelope', 'task', 'list'] as const) }),
  'other-place': (random) => ({
    kind: 'other-place',
    field: pick(random, ['result_url', 'download_url', 'file_url', 'uri']),
  }),
  packed: (random) => ({ kind: 'packed', as: pick(random, ['gzip', 'br', 'deflate'] as const) }),
  'unknown-status': (random) => ({
    kind: 'unknown-status',
    status: pick(random, ['reviewing', 'post_processing', '排队中']),
  }),
  'odd-progress': (random) => ({
    kind: 'odd-progress',
    progress: pick(random, ['missing', 'null', 'string', 'backwards'] as const),
  }),
  'odd-cost': (random) => ({
    kind: 'odd-cost',
    cost: pick(random, ['missing', 'string', 'negative', 'late', 'corrected'] as const),
  }),
  'relative-url': () => ({ kind: 'relative-url' }),
  'other-url': () => ({ kind: 'other-url', url: '{url}?Expires=1&Signature=abc%3D' }),
  'no-image-url': () => ({ kind: 'no-image-url' }),
  'not-an-image': (random) => ({
    kind: 'not-an-image',
    as: pick(random, ['html', 'text', 'nothing'] as const),
  }),
  'truncated-image': () => ({ kind: 'truncated-image' }),
  'late-image': (random) => ({
    kind: 'late-image',
    downloads: 3,
    status: pick(random, [403, 404, 410, 503]),
  }),
  'given-image': () => ({ kind: 'given-image', bytes: ONE_PIXEL, mime: 'application/octet-stream' }),
  'expired-image': () => ({ kind: 'expired-image' }),
  'huge-image': () => ({ kind: 'huge-image' }),
};

/** Every kind of misbehaviour there is. */
export const MISBEHAVIOUR_KINDS = Object.keys(TYPICAL) as Kind[];
