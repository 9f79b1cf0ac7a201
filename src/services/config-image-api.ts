import { z } from 'zod';
import { httpUrl, secret } from './config-values.ts';
import { openAiModelList } from './request/offer.ts';

/** Where JimmyAI answers, and to which key. */
export interface JimmyAiAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** The API by which images are made, and where it answers. */
export type ImageApi =
  | ({ readonly kind: 'jimmyai' } & JimmyAiAccess)
  | {
      readonly kind: 'openai';
      readonly baseUrl: string;
      /** What people host themselves may need none. */
      readonly apiKey: string | null;
      /** What tasks are asked about that were created before the APIs were changed. */
      readonly earlier: JimmyAiAccess | null;
    };

const JIMMYAI_URL = 'https://www.jimmyai.cn';
const OPENAI_URL = 'https://api.openai.com/v1';
const KINDS = ['jimmyai', 'openai'] as const;

/** Tells by which API images are made; a word that names none counts as the usual one, and is refused by the schema. */
export function imageApiKind({ IMAGE_API }: Record<string, string>): ImageApi['kind'] {
  return KINDS.find((kind) => kind === IMAGE_API?.trim()) ?? 'jimmyai';
}

/** The variables of the API that is chosen. Those of the other one may stay, and stop no start. */
export function imageApiVariables(kind: ImageApi['kind']) {
  const isOpenAi = kind === 'openai';
  return {
    IMAGE_API: z
      .string()
      .trim()
      .pipe(z.enum(KINDS, { error: `must be one of ${KINDS.join(', ')}` }))
      .default('jimmyai'),
    JIMMYAI_API_KEY: isOpenAi ? secret.optional().catch(undefined) : secret,
    JIMMYAI_BASE_URL: isOpenAi ? httpUrl.catch(JIMMYAI_URL) : httpUrl.default(JIMMYAI_URL),
    OPENAI_API_KEY: isOpenAi ? secret.optional() : ignored,
    OPENAI_BASE_URL: isOpenAi ? httpUrl.default(OPENAI_URL) : ignored,
    OPENAI_MODELS: isOpenAi ? openAiModelList : ignoredList,
  };
}

const ignored = z
  .unknown()
  .transform(() => undefined)
  .optional();
const ignoredList = z
  .unknown()
  .transform((): string[] | undefined => undefined)
  .optional();

interface Variables {
  readonly IMAGE_API: ImageApi['kind'];
  readonly JIMMYAI_API_KEY?: string | undefined;
  readonly JIMMYAI_BASE_URL?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
}

export function imageApiOf(env: Variables): ImageApi {
  const { JIMMYAI_API_KEY, OPENAI_API_KEY = null } = env;
  const jimmyAi = { baseUrl: withoutSlash(env.JIMMYAI_BASE_URL), apiKey: JIMMYAI_API_KEY ?? '' };
  if (env.IMAGE_API === 'jimmyai') return { kind: 'jimmyai', ...jimmyAi };
  const baseUrl = withoutSlash(env.OPENAI_BASE_URL);
  return { kind: 'openai', baseUrl, apiKey: OPENAI_API_KEY, earlier: JIMMYAI_API_KEY ? jimmyAi : null };
}

/** Names a key that is missing: only a server of one's own may do without. */
export function imageApiProblems(env: Variables): { name: 'OPENAI_API_KEY'; message: string }[] {
  const isMissing =
    env.IMAGE_API === 'openai' && env.OPENAI_BASE_URL === OPENAI_URL && env.OPENAI_API_KEY === undefined;
  return isMissing ? [{ name: 'OPENAI_API_KEY', message: 'is missing' }] : [];
}

/** The keys in it, which no log may contain. */
export function keysOf(imageApi: ImageApi): string[] {
  const keys = imageApi.kind === 'openai' ? [imageApi.apiKey, imageApi.earlier?.apiKey] : [imageApi.apiKey];
  return keys.filter((key) => key !== null && key !== undefined);
}

function withoutSlash(url = ''): string {
  return url.replace(/\/+$/, '');
}
