import { Client, GatewayIntentBits, Options } from 'discord.js';
import type { Logger } from './log.ts';

/** Time for one request to Discord, in milliseconds: an image of 10 MiB goes up over a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The gateway and REST client, pointed at `apiUrl`. Nothing that the bot says can ping anybody unless it asks to. */
export function createDiscordClient({ apiUrl, log }: { apiUrl: string; log: Logger }): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [], repliedUser: false },
    // Interactions wait for this, and Discord gives them 3 s: a server that is unavailable must not use them up.
    waitGuildTimeout: 1000,
    rest: { api: apiUrl, version: '10', timeout: REQUEST_TIMEOUT_MS },
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
  client.on('error', (err) => log.error({ err }, 'discord.js reported an error'));
  client.on('warn', (message) => log.warn(message));
  client.on('shardReconnecting', (shard) =>
    log.warn({ shard }, 'the gateway connection was lost; reconnecting'),
  );
  client.on('shardResume', (shard, replayed) =>
    log.info({ shard, replayed }, 'the gateway connection is back'),
  );
  client.rest.on('rateLimited', ({ method, route, timeToReset }) =>
    log.warn({ method, route, timeToReset }, 'Discord asked to slow down'),
  );
  return client;
}

/** Calls back when Discord has ended the gateway connection for good (a token reset, say): only a new start helps. */
export function onceLost(client: Client, log: Logger, lost: () => void): void {
  client.once('shardDisconnect', ({ code }, shard) => {
    log.fatal({ shard, code }, 'Discord ended the gateway connection for good; stopping');
    lost();
  });
}

/** Logs in and waits until the client knows its servers. Throws what discord.js throws: a wrong token, no connection. */
export async function connect(client: Client, token: string): Promise<Client<true>> {
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(token);
  return ready;
}

/** Leaves for good. */
export async function disconnect(client: Client): Promise<void> {
  // Otherwise the end of the connection would be logged as a loss.
  client.removeAllListeners('shardReconnecting').removeAllListeners('shardDisconnect');
  await client.destroy();
}
