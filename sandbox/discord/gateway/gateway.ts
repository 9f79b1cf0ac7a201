import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type APIInteraction,
  GatewayCloseCodes as Close,
  GatewayDispatchEvents as Event,
  GatewayIntentBits as Intent,
  GatewayOpcodes as Op,
} from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import { guildIdOf, guildsOfBot, isIn } from '../world/membership.ts';
import type { SessionState, World } from '../world/world.ts';
import { acceptConnection } from './connection.ts';
import { channelEvent, guildCreate } from './guild-events.ts';
import { dispatchMessages } from './message-events.ts';
import type { Session } from './session.ts';
import { isForShard, type Sharding } from './sharding.ts';
import { createGatewayWeathers, type GatewayWeather } from './weather.ts';

export interface Gateway {
  /** Tells the sessions of a guild's shard, or of shard 0, about an interaction. */
  interact(payload: APIInteraction): void;
  hasReadySession(): boolean;
  /** Cuts every connection or a shard's, or ends it with a close code; a session that isn't resumable is deleted. */
  drop(options?: { resumable?: boolean; code?: number; shard?: number }): void;
  /** Op 9 to every session, or a shard's. */
  invalidSession(resumable: boolean, shard?: number): void;
  /** Op 7 to every session, or a shard's. */
  requestReconnect(shard?: number): void;
  /** Requires at least this many shards from now on, and ends sessions with fewer (4011). */
  requireShards(count: number): void;
  /** Makes the gateway misbehave; the returned function stops it. */
  misbehave(weather: GatewayWeather): () => void;
  close(): void;
}

export interface GatewayDeps {
  server: Server;
  world: World;
  sign: (url: string) => string;
  token: string;
  url: string;
  heartbeatIntervalMs: number;
  sharding: Sharding;
}

const PATH = '/gateway';

export function createGateway({
  server,
  world,
  sign,
  token,
  url,
  heartbeatIntervalMs,
  sharding,
}: GatewayDeps): Gateway {
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const weathers = createGatewayWeathers();
  const ignored = new Set<Duplex>();
  const announce = (session: Session, state: SessionState) =>
    world.events.emit('session', { id: session.id, shard: session.shard[0], state });
  const connected = (shard?: number) =>
    [...sessions.values()].filter(
      (session) => session.socket !== undefined && (shard === undefined || session.shard[0] === shard),
    );
  const send = (op: Op, d: unknown, shard?: number) => {
    for (const { socket } of connected(shard)) socket?.send(JSON.stringify({ op, d, s: null, t: null }));
  };
  const forget = (session: Session) => {
    sessions.delete(session.id);
    announce(session, 'ended');
  };

  const end = (session: Session, { resumable, code }: { resumable: boolean; code: number | undefined }) => {
    if (!resumable) forget(session);
    if (code === undefined) session.socket?.terminate();
    else session.socket?.close(code);
  };

  function greet(session: Session): void {
    world.readsContent ||= (session.intents & Intent.MessageContent) !== 0;
    const guilds = guildsOfBot(world).filter(({ profile }) => isForShard(session.shard, profile.id));
    session.dispatch(Event.Ready, {
      v: 10,
      user: { ...world.bot, mfa_enabled: true, verified: true, email: null, flags: 0 },
      guilds: guilds.map(({ profile }) => ({ id: profile.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: weathers.now().resumeUrl ?? url,
      shard: session.shard,
      application: { id: world.bot.id, flags: 0 },
      private_channels: [],
      relationships: [],
    });
    if (session.intents & Intent.Guilds && !weathers.now().withholdGuilds) {
      for (const guild of guilds) session.dispatch(Event.GuildCreate, guildCreate(world, guild));
    }
    announce(session, 'ready');
  }

  dispatchMessages(world, sign, (guildId, intent, tell) => {
    for (const session of sessions.values()) {
      if (isForShard(session.shard, guildId) && session.intents & intent) tell(session);
    }
  });

  world.events.on('channel', (channel, change) => {
    const guildId = guildIdOf(channel);
    if (guildId === undefined || !isIn(world, world.bot.id, channel)) return;
    for (const session of sessions.values()) {
      if (!isForShard(session.shard, guildId) || !(session.intents & Intent.Guilds)) continue;
      session.dispatch(...channelEvent(channel, change));
    }
  });

  world.events.on('guild', (guild) => {
    for (const session of sessions.values()) {
      if (!isForShard(session.shard, guild.profile.id) || !(session.intents & Intent.Guilds)) continue;
      session.dispatch(Event.GuildCreate, guildCreate(world, guild));
    }
  });

  server.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith(PATH)) {
      socket.destroy();
      return;
    }
    const { refuseUpgrade, ignoreUpgrade } = weathers.now();
    if (ignoreUpgrade) {
      ignored.add(socket);
      socket
        .resume()
        .on('end', () => socket.destroy())
        .on('error', () => socket.destroy());
      socket.on('close', () => {
        ignored.delete(socket);
        world.events.emit('upgrade', 0);
      });
      return;
    }
    world.events.emit('upgrade', refuseUpgrade ?? 101);
    if (refuseUpgrade !== undefined) {
      socket.end(
        `HTTP/1.1 ${refuseUpgrade} ${STATUS_CODES[refuseUpgrade] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      acceptConnection(webSocket, {
        token,
        heartbeatIntervalMs,
        sessions,
        sharding,
        weather: weathers.now,
        onIdentified: greet,
        onResumed: (session) => announce(session, 'resumed'),
        onDoubted: (session) => announce(session, 'doubted'),
        onDisconnected: (session) => announce(session, 'disconnected'),
      }),
    );
  });

  return {
    interact(payload) {
      for (const session of sessions.values()) {
        if (isForShard(session.shard, payload.guild_id)) session.dispatch(Event.InteractionCreate, payload);
      }
    },
    hasReadySession: () => connected().length > 0,
    drop({ resumable = true, code, shard } = {}) {
      for (const session of connected(shard)) end(session, { resumable, code });
    },
    invalidSession(resumable, shard) {
      send(Op.InvalidSession, resumable, shard);
      if (!resumable) for (const session of connected(shard)) forget(session);
    },
    requestReconnect: (shard) => send(Op.Reconnect, null, shard),
    requireShards(count) {
      sharding.require(count);
      for (const session of sessions.values()) {
        if (session.shard[1] < count) end(session, { resumable: false, code: Close.ShardingRequired });
      }
    },
    misbehave: weathers.add,
    close() {
      for (const socket of sockets.clients) socket.terminate();
      for (const socket of ignored) socket.destroy();
      sockets.close();
    },
  };
}
