import {
  Client,
  ClientUser,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  Partials,
  type RESTOptions,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { GatewayRelay } from '../proxy/gateway-relay.ts';
import { askAtStart, asStartProblem } from './ask-at-start.ts';
import { askForGateway } from './gateway/ask-for-gateway.ts';
import { describeEnding, type Ending } from './gateway/close-codes.ts';
import { GATEWAY_TIMES, type GatewayTimes } from './gateway/patience.ts';
import { createPatientStrategy } from './gateway/strategy.ts';
import { guardPayloads } from './guarded-payloads.ts';
import type { InvalidAnswers } from './invalid-answers.ts';
import { DiscordRest } from './rest.ts';
import type { Shards } from './sharding.ts';

/** Time for one request to Discord, in milliseconds: an image of 10 MiB goes up over a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The gateway and REST client, pointed at `apiUrl`. Nothing that the bot says can ping anybody unless it asks to. */
export function createDiscordClient(options: {
  apiUrl: string;
  shards: Shards;
  log: Logger;
  invalid: InvalidAnswers;
  gatewayTimes?: GatewayTimes;
  /** Where the gateway is connected to instead of its own address. */
  relay?: GatewayRelay | null;
  agent?: RESTOptions['agent'];
}): Client {
  const {
    apiUrl,
    shards,
    log,
    invalid,
    gatewayTimes: times = GATEWAY_TIMES,
    relay = null,
    agent = null,
  } = options;
  /** discord.js tells in the same words of a shard that Discord refuses for good. */
  const givenUp = (shard: number, ending: Ending) =>
    client.emit(
      Events.ShardDisconnect,
      { code: GIVEN_UP, reason: describeEnding(ending), wasClean: false },
      shard,
    );
  const client: Client = new Client({
    intents: [GatewayIntentBits.Guilds],
    ...(shards === 'auto' ? { shards } : { shards: shards.ids, shardCount: shards.count }),
    // Threads that the bot is no member of: their parent is known from the interaction alone.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    // Interactions wait for this, and Discord gives them 3 s: a server that is unavailable must not use them up.
    waitGuildTimeout: 1000,
    ws: { buildStrategy: (manager) => createPatientStrategy(manager, { times, log, givenUp, relay }) },
    rest: {
      api: apiUrl,
      version: '10',
      timeout: REQUEST_TIMEOUT_MS,
      agent,
      // Every interaction's token gets a queue of its own, which is kept for an hour otherwise.
      handlerSweepInterval: 15_000,
    },
    // The ledger is the memory: nothing that passes by needs to be held on to.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      GuildMemberManager: 0,
      UserManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
    }),
  });
  client.rest = new DiscordRest(client.options.rest ?? {}, { log, invalid });
  guardPayloads(client, log);
  client.on('error', (err) => log.error({ err }, 'discord.js reported an error'));
  client.on('warn', (message) => log.warn(message));
  client.rest.on('rateLimited', ({ method, route, global, timeToReset }) =>
    log.warn({ method, route, global, timeToReset }, 'requests to Discord are held back'),
  );
  return client;
}

/** A shard's connection is at its end: Discord will take it back by no repetition, or nothing came of trying on. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';

  constructor(shard: number, { code, reason }: { code: number; reason: string }) {
    super(
      code === GIVEN_UP
        ? `shard ${shard} of the gateway connection has not worked for a long time (${reason}). Check the connection of this machine and https://discordstatus.com, and start the bot again.`
        : `Discord refuses shard ${shard} of the gateway connection (${code}): ${WHY_REFUSED[code] ?? UPDATE}.`,
    );
  }
}

/** No close code of Discord's: the bot's own for a shard that it gives up. */
const GIVEN_UP = 4999;

/** What is left is about what the bot itself says at the gateway. */
const UPDATE = 'update the bot';
const WHY_REFUSED: Record<number, string> = {
  [GatewayCloseCodes.AuthenticationFailed]:
    'it does not accept DISCORD_TOKEN; copy it again from https://discord.com/developers/applications',
  [GatewayCloseCodes.InvalidShard]: 'there is no such shard; check SHARDS',
  [GatewayCloseCodes.ShardingRequired]:
    'the bot is in more servers than so few shards may have; set SHARDS=auto',
  [GatewayCloseCodes.InvalidAPIVersion]: `it no longer speaks this version of the gateway; ${UPDATE}`,
  [GatewayCloseCodes.InvalidIntents]: `it does not know the intents that the bot asks for; ${UPDATE}`,
  [GatewayCloseCodes.DisallowedIntents]: `it does not allow the intents that the bot asks for; ${UPDATE}`,
};

/**
 * Calls back when Discord has ended a shard's connection for good (a token reset, or more servers than one shard may
 * have). The others may still work, but the servers of this one would be left alone in silence, and a new start is what
 * helps: the next one asks Discord how many shards it wants.
 */
export function onceLost(client: Client, log: Logger, lost: () => void): void {
  client.once('shardDisconnect', (ending, shard) => {
    log.fatal({ shard, code: ending.code }, `${new GatewayRefusal(shard, ending).message} Stopping.`);
    lost();
  });
}

/**
 * Gives the client the token, and learns by REST who it is: what needs no gateway then need not wait for it. Throws what
 * {@link askForGateway} throws: a wrong token, no connection.
 */
export async function logIn(client: Client, token: string, log: Logger): Promise<void> {
  await askForGateway(client.rest, token, log);
  const user = await askAtStart(client.rest, { route: Routes.user(), token, schema: ownUser });
  // discord.js makes it of READY otherwise, in this way, and brings this one up to date by it.
  client.user = Reflect.construct(ClientUser, [client, user]) as ClientUser;
}

const ownUser = z.looseObject({ id: z.string().regex(/^\d+$/), username: z.string() });

/**
 * Connects to the gateway, and waits until the client knows the servers of every shard. Throws {@link GatewayRefusal},
 * what {@link askForGateway} throws, since discord.js asks once more, or what discord.js throws.
 */
export async function connect(client: Client, token: string): Promise<Client<true>> {
  const ready = Promise.withResolvers<Client<true>>();
  const refused = (ending: { code: number; reason: string }, shard: number) =>
    ready.reject(new GatewayRefusal(shard, ending));
  client.once('clientReady', ready.resolve).once('shardDisconnect', refused);
  // One shard may be refused while others still wait for their turn to log in.
  const login = client.login(token).catch((error) => {
    throw asStartProblem(error, token);
  });
  const [connected] = await Promise.all([ready.promise, login]);
  client.off('shardDisconnect', refused);
  return connected;
}

/** Leaves for good. */
export async function disconnect(client: Client): Promise<void> {
  // Otherwise the end of the connection would be logged as a loss.
  client.removeAllListeners('shardDisconnect');
  await client.destroy();
}
