import { DefaultRestOptions, REST, RESTEvents, type RESTOptions } from 'discord.js';
import type { Logger } from '../log.ts';
import { withinCallbackTime } from './callback-time.ts';
import type { InvalidAnswers } from './invalid-answers.ts';
import { createRequests, isTooLongToWait } from './requests.ts';

/**
 * discord.js's REST, which holds the bot to Discord's 50 requests a second, but not what an interaction's token does:
 * "Interaction endpoints are not bound to the bot's Global Rate Limit" (docs: topics/rate-limits). In a rush the images
 * of one reply would otherwise wait behind the progress of all others. A limit that Discord does name is obeyed; a long
 * one rejects instead of sleeping inside the request.
 */
export class DiscordRest extends REST {
  readonly #byToken: REST;

  constructor(
    options: Partial<RESTOptions>,
    {
      log,
      invalid,
      now = Date.now,
      elapsed = () => performance.now(),
    }: { log: Logger; invalid: InvalidAnswers; now?: () => number; elapsed?: () => number },
  ) {
    const makeRequest = createRequests({
      makeRequest: DefaultRestOptions.makeRequest,
      log,
      invalid,
      now,
      elapsed,
    });
    const patient = { ...options, makeRequest, rejectOnRateLimit: isTooLongToWait };
    super(patient);
    this.#byToken = new REST({ ...patient, globalRequestsPerSecond: Number.POSITIVE_INFINITY });
    this.#byToken
      .on(RESTEvents.RateLimited, (limit) => this.emit(RESTEvents.RateLimited, limit))
      .on(RESTEvents.Response, (...answer) => this.emit(RESTEvents.Response, ...answer));
  }

  override async request(options: Parameters<REST['request']>[0]): Promise<unknown> {
    if (!isByToken(options)) return super.request(options);
    return withinCallbackTime(options, (timed) => this.#byToken.request(timed));
  }

  /**
   * discord.js takes the token away at the first 401, and no request by it ever goes out again. An edge answers 401 now and
   * then; whether Discord still takes the token is for {@link watchToken} to find out.
   */
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token);
  }
}

/** Interaction callbacks and webhooks carry their token in the path, and the bot's nowhere. */
function isByToken({ auth, fullRoute }: Parameters<REST['request']>[0]): boolean {
  return auth === false && /^\/(interactions|webhooks)\//.test(fullRoute);
}
