import { REST, RESTEvents, type RESTOptions } from 'discord.js';

/**
 * discord.js's REST, which holds the bot to Discord's 50 requests a second, but not what an interaction's token does:
 * "Interaction endpoints are not bound to the bot's Global Rate Limit" (docs: topics/rate-limits). In a rush the images
 * of one reply would otherwise wait behind the progress of all others. A limit that Discord does name is obeyed.
 */
export class DiscordRest extends REST {
  readonly #byToken: REST;

  constructor(options: Partial<RESTOptions> = {}) {
    super(options);
    this.#byToken = new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY });
    this.#byToken
      .on(RESTEvents.RateLimited, (limit) => this.emit(RESTEvents.RateLimited, limit))
      .on(RESTEvents.Response, (...answer) => this.emit(RESTEvents.Response, ...answer));
  }

  override async request(options: Parameters<REST['request']>[0]): Promise<unknown> {
    return isByToken(options) ? this.#byToken.request(options) : super.request(options);
  }
}

/** Interaction callbacks and webhooks carry their token in the path, and the bot's nowhere. */
function isByToken({ auth, fullRoute }: Parameters<REST['request']>[0]): boolean {
  return auth === false && /^\/(interactions|webhooks)\//.test(fullRoute);
}
