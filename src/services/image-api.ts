import type { AccountDeps } from './account/index.ts';
import type { PricesDeps } from './account/prices.ts';
import type { Config } from './config.ts';
import { ImageServiceError } from './image-service/errors.ts';
import type { ImageService } from './image-service/service.ts';
import { createJimmyAi, type JimmyAi } from './jimmyai/client.ts';
import { asImageService } from './jimmyai/image-service.ts';
import { createOpenAi } from './openai/client.ts';
import type { Tunnels } from './proxy/tunnels.ts';

/** The service that makes images, with what it tells of the account and of prices. */
export interface ImageApiClients {
  readonly service: ImageService;
  readonly account: AccountDeps['service'];
  readonly tellsBalance: boolean;
  /** Null where it tells no prices. */
  readonly catalog: PricesDeps['service'];
}

/** Longer than any service makes people wait for one answer. */
const ANSWER_MAX_MS = 180_000;

/** Clients of the API that the configuration names. */
export function createImageApi(
  { imageApi, taskDeadlineMs }: Pick<Config, 'imageApi' | 'taskDeadlineMs'>,
  tunnels: Tunnels | null,
): ImageApiClients {
  const { baseUrl } = imageApi;
  if (imageApi.kind === 'openai') {
    const createMs = Math.min(ANSWER_MAX_MS, taskDeadlineMs);
    const openAi = createOpenAi({ baseUrl, apiKey: imageApi.apiKey, createMs, tunnels });
    const service = imageApi.earlier
      ? { ...openAi, ...queriesOf(createJimmyAi({ ...imageApi.earlier, tunnels })) }
      : openAi;
    return { service, account: withoutBalance(service), tellsBalance: false, catalog: null };
  }
  const jimmyAi = createJimmyAi({ baseUrl, apiKey: imageApi.apiKey, tunnels });
  const service = asImageService(jimmyAi);
  return { service, account: jimmyAi, tellsBalance: true, catalog: jimmyAi };
}

/** Tasks that were created before the APIs were changed are still asked about, for as long as the key is there. */
function queriesOf({
  queryImageTask,
  queryImage,
}: JimmyAi): Pick<ImageService, 'queryImageTask' | 'queryImage'> {
  return { queryImageTask, queryImage };
}

function lacks(what: string): never {
  throw new ImageServiceError('unknown-code', `This API has ${what}`, { charged: 'no' });
}

/** Without balances, the creates still show when the key is refused or the credit is used up. */
function withoutBalance({ onAttempt }: ImageService): AccountDeps['service'] {
  const untold = async () => lacks('no balance');
  return { onAttempt, queryAccountBalance: untold, queryKeyBalance: untold };
}
