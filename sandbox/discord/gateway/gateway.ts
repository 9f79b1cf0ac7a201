import type { Server } from 'node:http';
import {
  type APIChannel,
  type APIInteraction,
  ChannelType,
  GatewayDispatchEvents as Event,
  type GatewayGuildCreateDispatchData,
  GatewayIntentBits as Intent,
  GatewayOpcodes as Op,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import { permissionsIn } from '../world/permissions.ts';
import { guildIdOf, type World } from '../world/world.ts';
import { acceptConnection } from './connection.ts';
import { dispatchMessages } from './message-events.ts';
import type { Session } from './session.ts';

export interface Gateway {
  /** Tells the sessions of a guild's shard, or of shard 0, about an interaction. */
  interact(payload: APIInteraction): void;
  hasReadySession(): boolean;
  /** Cuts every connection, or ends it with a close code; a session that isn't resumable is forgotten with it. */
  drop(options?: { resumable?: boolean; code?: number }): void;
  /** Op 9 to every session. */
  invalidSession(resumable: boolean): void;
  /** Op 7 to every session. */
  requestReconnect(): void;
  close(): void;
}

export interface GatewayDeps {
  server: Server;
  world: World;
  sign: (url: string) => string;
  token: string;
  url: string;
  heartbeatIntervalMs: number;
}

const PATH = '/gateway';

export function createGateway({
  server,
  world,
  sign,
  token,
  url,
  heartbeatIntervalMs,
}: GatewayDeps): Gateway {
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const announce = (session: Session, state: 'ready' | 'resumed' | 'disconnected' | 'ended') =>
    world.events.emit('session', { id: session.id, state });
  const connected = () => [...sessions.values()].filter(({ socket }) => socket !== undefined);
  const sendAll = (op: Op, d: unknown) => {
    for (const { socket } of connected()) socket?.send(JSON.stringify({ op, d, s: null, t: null }));
  };
  const forget = (session: Session) => {
    sessions.delete(session.id);
    announce(session, 'ended');
  };

  function greet(session: Session): void {
    const isMine = isForShard(session, world.guild.id);
    session.dispatch(Event.Ready, {
      v: 10,
      user: { ...world.bot, mfa_enabled: true, verified: true, email: null, flags: 0 },
      guilds: isMine ? [{ id: world.guild.id, unavailable: true }] : [],
      session_id: session.id,
      resume_gateway_url: url,
      shard: session.shard,
      application: { id: world.bot.id, flags: 0 },
      private_channels: [],
      relationships: [],
    });
    if (isMine && session.intents & Intent.Guilds) session.dispatch(Event.GuildCreate, guildCreate(world));
    announce(session, 'ready');
  }

  dispatchMessages(world, sign, (guildId, intent, tell) => {
    for (const session of sessions.values()) {
      if (isForShard(session, guildId) && session.intents & intent) tell(session);
    }
  });

  world.events.on('channel', (channel, change) => {
    const guildId = guildIdOf(channel);
    for (const session of sessions.values()) {
      if (guildId === undefined || !isForShard(session, guildId) || !(session.intents & Intent.Guilds))
        continue;
      session.dispatch(change === 'deleted' ? Event.ChannelDelete : Event.ChannelUpdate, channel);
    }
  });

  server.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith(PATH)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      acceptConnection(webSocket, {
        token,
        heartbeatIntervalMs,
        sessions,
        onIdentified: greet,
        onResumed: (session) => announce(session, 'resumed'),
        onDisconnected: (session) => announce(session, 'disconnected'),
      }),
    );
  });

  return {
    interact(payload) {
      for (const session of sessions.values()) {
        if (isForShard(session, payload.guild_id)) session.dispatch(Event.InteractionCreate, payload);
      }
    },
    hasReadySession: () => connected().length > 0,
    drop({ resumable = true, code } = {}) {
      for (const session of connected()) {
        if (!resumable) forget(session);
        if (code === undefined) session.socket?.terminate();
        else session.socket?.close(code);
      }
    },
    invalidSession(resumable) {
      sendAll(Op.InvalidSession, resumable);
      if (!resumable) for (const session of connected()) forget(session);
    },
    requestReconnect: () => sendAll(Op.Reconnect, null),
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** docs: events/gateway, sharding – direct messages go to shard 0. */
function isForShard({ shard: [id, count] }: Session, guildId: string | undefined): boolean {
  return id === (guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)));
}

function guildCreate(world: World): GatewayGuildCreateDispatchData {
  const bot = world.members.get(world.bot.id);
  const visible = [...world.channels.values()].filter(
    (channel) =>
      guildIdOf(channel) !== undefined &&
      permissionsIn(world, world.bot.id, channel) & Permission.ViewChannel,
  ) as APIChannel[];
  return {
    ...world.guild,
    joined_at: bot?.joined_at ?? new Date(world.clock.now()).toISOString(),
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: bot ? [bot] : [],
    channels: visible.filter((channel) => channel.type === ChannelType.GuildText),
    threads: visible.filter((channel) => channel.type === ChannelType.PublicThread),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
