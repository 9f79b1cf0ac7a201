import { randomBytes } from 'node:crypto';
import { type GatewayDispatchEvents, GatewayOpcodes } from 'discord-api-types/v10';
import type { WebSocket } from 'ws';

/** A bot's session. It outlives its connection, so that it can be resumed. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
  /** Its current connection; `undefined` while there is none. */
  socket: WebSocket | undefined;
  /** The number of its latest event. */
  sequence(): number;
  /** Sends an event, or keeps it until the session is resumed. */
  dispatch(event: GatewayDispatchEvents, data: unknown): void;
  /** Sends the events after `sequence` again. */
  replay(sequence: number): void;
}

export function createSession(identity: Pick<Session, 'intents' | 'shard' | 'socket'>): Session {
  const sent: string[] = [];
  const session: Session = {
    ...identity,
    id: randomBytes(16).toString('hex'),
    sequence: () => sent.length,
    dispatch(event, data) {
      const payload = JSON.stringify({ op: GatewayOpcodes.Dispatch, s: sent.length + 1, t: event, d: data });
      sent.push(payload);
      session.socket?.send(payload);
    },
    replay(sequence) {
      for (const payload of sent.slice(sequence)) session.socket?.send(payload);
    },
  };
  return session;
}
