import type { Server } from 'node:http';
import {
  type APIInteraction,
  GatewayDispatchEvents as Event,
  type GatewayGuildCreateDispatchData,
  GatewayIntentBits as Intent,
  GatewayOpcodes as Op,
  PermissionFlagsBits as Permission,
} from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import { guildIdOf, guildsOfBot, isIn } from '../world/membership.ts';
import { permissionsIn } from '../world/permissions.ts';
import type { Channel, Guild, World } from '../world/world.ts';
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
    world.readsContent ||= (session.intents & Intent.MessageContent) !== 0;
    const guilds = guildsOfBot(world).filter(({ profile }) => isForShard(session, profile.id));
    session.dispatch(Event.Ready, {
      v: 10,
      user: { ...world.bot, mfa_enabled: true, verified: true, email: null, flags: 0 },
      guilds: guilds.map(({ profile }) => ({ id: profile.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url,
      shard: session.shard,
      application: { id: world.bot.id, flags: 0 },
      private_channels: [],
      relationships: [],
    });
    if (session.intents & Intent.Guilds) {
      for (const guild of guilds) session.dispatch(Event.GuildCreate, guildCreate(world, guild));
    }
    announce(session, 'ready');
  }

  dispatchMessages(world, sign, (guildId, intent, tell) => {
    for (const session of sessions.values()) {
      if (isForShard(session, guildId) && session.intents & intent) tell(session);
    }
  });

  world.events.on('channel', (channel, change) => {
    const guildId = guildIdOf(channel);
    if (guildId === undefined || !isIn(world, world.bot.id, channel)) return;
    for (const session of sessions.values()) {
      if (!isForShard(session, guildId) || !(session.intents & Intent.Guilds)) continue;
      session.dispatch(...channelEvent(channel, change));
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

/** docs: events/gateway-events – threads have events of their own, and of one that is gone little is told. */
function channelEvent(channel: Channel, change: 'updated' | 'deleted'): [Event, object] {
  if (!('thread_metadata' in channel)) {
    return [change === 'deleted' ? Event.ChannelDelete : Event.ChannelUpdate, channel];
  }
  if (change === 'updated') return [Event.ThreadUpdate, channel];
  const { id, guild_id, parent_id, type } = channel;
  return [Event.ThreadDelete, { id, guild_id, parent_id, type }];
}

function guildCreate(world: World, { profile, members }: Guild): GatewayGuildCreateDispatchData {
  const bot = members.get(world.bot.id);
  const visible = [...world.channels.values()]
    .filter((channel) => guildIdOf(channel) === profile.id)
    .filter((channel) => permissionsIn(world, world.bot.id, channel) & Permission.ViewChannel);
  const isThread = (channel: Channel) => 'thread_metadata' in channel;
  return {
    ...profile,
    joined_at: bot?.joined_at ?? new Date(world.clock.now()).toISOString(),
    large: false,
    unavailable: false,
    member_count: members.size,
    members: bot ? [bot] : [],
    channels: visible.filter((channel) => !isThread(channel)) as GatewayGuildCreateDispatchData['channels'],
    threads: visible.filter(isThread) as GatewayGuildCreateDispatchData['threads'],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
