import { z } from 'zod';
import { httpUrl, secret } from './config-values.ts';
import { openAiModelList } from './request/offer.ts';

/** The API by which images are made, and where it answers. */
export type ImageApi =
  | { readonly kind: 'jimmyai'; readonly baseUrl: string; readonly apiKey: string }
  /** What people host themselves may need no key. */
  | { readonly kind: 'openai'; readonly baseUrl: string; readonly apiKey: string | null };

const OPENAI_URL = 'https://api.openai.com/v1';
const KINDS = ['jimmyai', 'openai'] as const;

/** Tells by which API images are made; a word that names none counts as the usual one, and is refused by the schema. */
export function imageApiKind({ IMAGE_API }: Record<string, string>): ImageApi['kind'] {
  return KINDS.find((kind) => kind === IMAGE_API?.trim()) ?? 'jimmyai';
}

/** The variables of the API that is chosen; those of the other one may stay, and mean nothing. */
export function imageApiVariables(kind: ImageApi['kind']) {
  const isOpenAi = kind === 'openai';
  return {
    IMAGE_API: z
      .string()
      .trim()
      .pipe(z.enum(KINDS, { error: `must be one of ${KINDS.join(', ')}` }))
      .default('jimmyai'),
    JIMMYAI_API_KEY: isOpenAi ? ignored : secret,
    JIMMYAI_BASE_URL: isOpenAi ? ignored : httpUrl.default('https://www.jimmyai.cn'),
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
  return env.IMAGE_API === 'openai'
    ? { kind: 'openai', baseUrl: withoutSlash(env.OPENAI_BASE_URL), apiKey: env.OPENAI_API_KEY ?? null }
    : { kind: 'jimmyai', baseUrl: withoutSlash(env.JIMMYAI_BASE_URL), apiKey: env.JIMMYAI_API_KEY ?? '' };
}

/** Names a key that is missing: only a server of one's own may do without. */
export function imageApiProblems(env: Variables): { name: 'OPENAI_API_KEY'; message: string }[] {
  const isMissing =
    env.IMAGE_API === 'openai' && env.OPENAI_BASE_URL === OPENAI_URL && env.OPENAI_API_KEY === undefined;
  return isMissing ? [{ name: 'OPENAI_API_KEY', message: 'is missing' }] : [];
}

function withoutSlash(url = ''): string {
  return url.replace(/\/+$/, '');
}
