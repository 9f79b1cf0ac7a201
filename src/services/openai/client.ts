import { type Dispatcher, FormData } from 'undici';
import { createCalls } from '../image-service/calls.ts';
import { ImageServiceError } from '../image-service/errors.ts';
import { createHttp, TIMEOUTS } from '../image-service/http.ts';
import { CREATE_RETRY, type RetryOptions } from '../image-service/retry.ts';
import type { Attached, CallOptions, ImageService, MadeAtOnce, Reference } from '../image-service/service.ts';
import type { Tunnels } from '../proxy/tunnels.ts';
import type { ImageRequest } from '../request/request.ts';
import { readImage } from './answers.ts';
import { adapted, type Dialect, OPENAIS_OWN } from './dialect.ts';
import { fieldsOf, referencesAs } from './fields.ts';

export interface OpenAiOptions extends Pick<RetryOptions, 'delay' | 'random'> {
  /** Includes `/v1`, as in OpenAI's own clients. Its query, such as Azure's `api-version`, goes along with each call. */
  baseUrl: string;
  apiKey: string | null;
  /** The longest wait for an image, in milliseconds. The services advise 180 s. */
  createMs: number;
  dispatcher?: Dispatcher;
  timeouts?: Partial<typeof TIMEOUTS>;
  tunnels?: Tunnels | null;
}

/**
 * A client of OpenAI's images API: `images/generations`, and `images/edits` for requests with references. It repeats a
 * create only if the answer proves that nothing was made.
 */
export function createOpenAi(options: OpenAiOptions): ImageService & { close(): Promise<void> } {
  const { apiKey, dispatcher, delay, random, createMs, tunnels } = options;
  const baseUrl = new URL(options.baseUrl);
  const timeouts = { ...TIMEOUTS, createMs, ...options.timeouts };
  const keyHeader = isAzures(baseUrl) ? 'api-key' : undefined;
  const http = createHttp({ baseUrl, apiKey, keyHeader, dispatcher, timeouts, tunnels });
  const { call, onAttempt } = createCalls(http, { delay, random });
  // By model, since a gateway has several services behind it. What the server has refused isn't sent again.
  const dialects = new Map<string, Dialect>();

  function send(
    request: ImageRequest,
    { references, mask }: Attached,
    spoken: Dialect,
    options?: CallOptions,
  ): Promise<MadeAtOnce> {
    const fields = fieldsOf(request, references.length, spoken);
    const content =
      references.length === 0
        ? { path: '/images/generations', json: fields }
        : { path: '/images/edits', form: formOf(fields, references, mask, spoken) };
    return call(
      'create',
      CREATE_RETRY,
      {
        method: 'POST',
        ...content,
        timeoutMs: timeouts.createMs,
        answersWhenDone: true,
        chargedIfUnclear: 'maybe',
        mayHoldImage: true,
        wantsImage: true,
      },
      (answer) => readImage(answer, baseUrl),
      options,
    );
  }

  return {
    makesAtOnce: true,
    async create(request, attached, options) {
      // Such a request waited for its turn while the bot was moved here from a service with tools.
      if (request.tool) throw new ImageServiceError('model-unavailable', NO_TOOLS, { charged: 'no' });
      let spoken = dialects.get(request.model) ?? OPENAIS_OWN;
      for (;;) {
        try {
          const made = await send(request, attached, spoken, options);
          dialects.set(request.model, spoken);
          return made;
        } catch (error) {
          const other = adapted(spoken, error, request, attached.references.length);
          if (other === null) throw error;
          options?.log?.info({ err: error, ...other }, 'the service takes other fields; it is asked again');
          spoken = other;
        }
      }
    },
    queryImageTask: noTasks,
    queryImage: noTasks,
    uploadFile: null,
    onAttempt,
    close: () => http.close(),
  };
}

/** Azure takes a key in this header, and a bearer token of Entra ID only. */
function isAzures({ hostname }: URL): boolean {
  return /\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/.test(hostname);
}

function formOf(
  fields: object,
  references: readonly Reference[],
  mask: Reference | null,
  dialect: Dialect,
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const append = (name: string, image: Reference) => {
    if ('url' in image) throw new TypeError('a reference must be a file');
    const { bytes, mimeType, filename } = image;
    form.append(name, new Blob([bytes], { type: mimeType }), filename);
  };
  for (const reference of references) append(referencesAs(references.length, dialect), reference);
  if (mask) append('mask', mask);
  return form;
}

const NO_TOOLS = 'This API has no tools';

/** Only the API that created a task knows about it. */
async function noTasks(): Promise<never> {
  throw new ImageServiceError('parameters', 'This API has no tasks to ask about', { charged: 'no' });
}
