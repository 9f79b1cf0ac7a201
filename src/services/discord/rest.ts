import { DefaultRestOptions, REST, RESTEvents, type RESTOptions } from 'discord.js';
import type { Logger } from '../log.ts';
import { withinCallbackTime } from './callback-time.ts';
import type { InvalidAnswers } from './invalid-answers.ts';
import { createRequests, isTooLongToWait } from './requests.ts';

/**
 * discord.js's REST with Discord's 50 requests a second for the bot's token only: "Interaction endpoints are not bound
 * to the bot's Global Rate Limit" (docs: topics/rate-limits). Otherwise the images of one reply would wait behind the
 * progress of all others in a rush. A limit that Discord names is obeyed; a long one rejects instead of sleeping inside
 * the request.
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
   * discord.js drops the token at the first 401 and never sends a request with it again. But an edge sometimes answers
   * 401, so the token is kept, and {@link watchToken} finds out whether Discord still accepts it.
   */
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token);
  }
}

/** Interaction callbacks and webhooks carry the interaction's token in the path, and don't send the bot's. */
function isByToken({ auth, fullRoute }: Parameters<REST['request']>[0]): boolean {
  return auth === false && /^\/(interactions|webhooks)\//.test(fullRoute);
}
