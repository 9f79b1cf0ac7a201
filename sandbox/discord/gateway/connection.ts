import {
  GatewayCloseCodes as Close,
  GatewayDispatchEvents as Event,
  GatewayIntentBits as Intent,
  GatewayOpcodes as Op,
} from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import { createSession, type Session } from './session.ts';
import type { Sharding } from './sharding.ts';
import type { GatewayWeather } from './weather.ts';

interface ConnectionDeps {
  token: string;
  heartbeatIntervalMs: number;
  sessions: Map<string, Session>;
  sharding: Sharding;
  weather(): GatewayWeather;
  onIdentified(session: Session): void;
  onResumed(session: Session): void;
  onDoubted(session: Session): void;
  onDisconnected(session: Session): void;
}

const KNOWN_INTENTS = Object.values(Intent).reduce<number>((bits, bit) => bits | Number(bit), 0);
/** Privileged intents that aren't enabled for this application. */
const DISALLOWED_INTENTS = Intent.GuildMembers | Intent.GuildPresences;

/** Speaks the gateway's protocol with one client (docs: events/gateway). */
export function acceptConnection(socket: WebSocket, deps: ConnectionDeps): void {
  let session: Session | undefined;
  const send = (op: Op, d: unknown) => socket.send(JSON.stringify({ op, d, s: null, t: null }));
  const heartbeat = expectHeartbeats(deps.heartbeatIntervalMs, () => socket.close(Close.SessionTimedOut));

  function identify(data: Partial<Identify>): void {
    const shard = data.shard ?? [0, 1];
    const refusal = refuseIdentify(data, shard, deps);
    if (session || refusal !== undefined) {
      socket.close(session ? Close.AlreadyAuthenticated : refusal);
      return;
    }
    if (!deps.sharding.start(shard[0])) {
      send(Op.InvalidSession, false);
      return;
    }
    const { closeAtIdentify, ignoreIdentify } = deps.weather();
    if (ignoreIdentify) return;
    if (closeAtIdentify !== undefined) {
      socket.close(closeAtIdentify);
      return;
    }
    session = createSession({ intents: data.intents ?? 0, shard, socket });
    deps.sessions.set(session.id, session);
    deps.onIdentified(session);
  }

  function resume(data: Partial<Resume>): void {
    const { ignoreResume, doubtResume } = deps.weather();
    if (ignoreResume) return;
    const known = deps.sessions.get(data.session_id ?? '');
    if (data.token !== deps.token) socket.close(Close.AuthenticationFailed);
    else if (!known) send(Op.InvalidSession, false);
    else if ((data.seq ?? 0) > known.sequence()) socket.close(Close.InvalidSeq);
    else if (doubtResume) {
      deps.onDoubted(known);
      send(Op.InvalidSession, true);
    } else {
      known.socket?.terminate();
      known.socket = socket;
      session = known;
      known.replay(data.seq ?? 0);
      known.dispatch(Event.Resumed, {});
      deps.onResumed(known);
    }
  }

  function receive(raw: RawData): void {
    const payload = parse(raw);
    const data = (payload?.d ?? {}) as object;
    switch (payload?.op) {
      case undefined:
        socket.close(Close.DecodeError);
        break;
      case Op.Heartbeat:
        heartbeat.beat();
        if (!deps.weather().withholdHeartbeatAcks) send(Op.HeartbeatAck, null);
        break;
      case Op.Identify:
        identify(data);
        break;
      case Op.Resume:
        resume(data);
        break;
      case Op.PresenceUpdate:
      case Op.VoiceStateUpdate:
      case Op.RequestGuildMembers:
        if (!session) socket.close(Close.NotAuthenticated);
        break;
      default:
        socket.close(Close.UnknownOpcode);
    }
  }

  socket.on('message', receive);
  socket.on('close', () => {
    heartbeat.stop();
    if (!session || session.socket !== socket) return;
    session.socket = undefined;
    deps.onDisconnected(session);
  });
  if (!deps.weather().withholdHello) send(Op.Hello, { heartbeat_interval: deps.heartbeatIntervalMs });
}

interface Identify {
  token: string;
  intents: number;
  shard: [number, number];
}

interface Resume {
  token: string;
  session_id: string;
  seq: number;
}

function refuseIdentify(
  data: Partial<Identify>,
  shard: Session['shard'],
  { token, sharding }: Pick<ConnectionDeps, 'token' | 'sharding'>,
) {
  const [id, count] = shard;
  if (data.token !== token) return Close.AuthenticationFailed;
  if (!(Number.isInteger(id) && Number.isInteger(count) && id >= 0 && id < count)) return Close.InvalidShard;
  if (sharding.isTooFew(shard)) return Close.ShardingRequired;
  if (data.intents === undefined || data.intents & ~KNOWN_INTENTS) return Close.InvalidIntents;
  if (data.intents & DISALLOWED_INTENTS) return Close.DisallowedIntents;
  return undefined;
}

/** A client that stays silent for one and a half intervals counts as dead. */
function expectHeartbeats(intervalMs: number, onSilence: () => void) {
  const timer = setTimeout(onSilence, intervalMs * 1.5).unref();
  return { beat: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

function parse(raw: RawData): { op?: number; d?: unknown } | undefined {
  try {
    const payload: unknown = JSON.parse(raw.toString());
    return typeof payload === 'object' && payload !== null ? payload : undefined;
  } catch {
    return undefined;
  }
}
