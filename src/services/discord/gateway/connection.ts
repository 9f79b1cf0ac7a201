import {
  type IContextFetchingStrategy,
  WebSocketShard,
  type WebSocketShardDestroyOptions,
  WebSocketShardDestroyRecovery,
  WebSocketShardStatus,
} from '@discordjs/ws';
import { GatewayOpcodes, type GatewaySendPayload } from 'discord.js';
import { LEFT_FOR } from './close-codes.ts';

/** The parts of a connection of the `ws` package that are needed to leave it. */
interface Socket {
  readonly readyState: number;
  readonly CONNECTING: number;
  removeAllListeners(): this;
  on(event: 'error', listener: () => void): this;
  terminate(): void;
}

/**
 * discord.js's shard, except that it reports why it ends a connection by itself, and also ends one that isn't open yet.
 */
export class Connection extends WebSocketShard {
  readonly #leaving: (reason: string | undefined) => void;
  #hasLoggedIn = false;

  /** `leaving` is called with the reason before the shard leaves its connection. */
  constructor(strategy: IContextFetchingStrategy, id: number, leaving: (reason: string | undefined) => void) {
    super(strategy, id);
    this.#leaving = leaving;
  }

  override async destroy(options: WebSocketShardDestroyOptions = {}): Promise<void> {
    this.#hasLoggedIn = false;
    this.#leaving(options.reason);
    this.#endUpgrade();
    try {
      await super.destroy(options);
    } catch (error) {
      // A message that came together with the end of its connection can make discord.js resume a session on that
      // connection. Then the shard isn't idle when it is to connect again, so it has to be ended once more.
      if (options.recover === undefined || this.status === WebSocketShardStatus.Idle) throw error;
      await this.destroy(options);
    }
  }

  /**
   * Discord may answer every RESUME with "invalid, try to resume". discord.js would then resume at once, thousands of
   * times a second. So a second login on the same connection ends it, and waits for its turn on a new one.
   */
  override async send(payload: GatewaySendPayload): Promise<void> {
    if (payload.op === GatewayOpcodes.Identify || payload.op === GatewayOpcodes.Resume) {
      if (this.#hasLoggedIn) {
        return this.destroy({
          reason: LEFT_FOR.invalidSession,
          recover: WebSocketShardDestroyRecovery.Resume,
        });
      }
      this.#hasLoggedIn = true;
    }
    return super.send(payload);
  }

  /** discord.js abandons a connection that isn't open yet; nothing would handle it if it opened or failed later. */
  #endUpgrade(): void {
    const socket: Socket | null = Reflect.get(this, 'connection');
    if (!socket || socket.readyState !== socket.CONNECTING) return;
    socket
      .removeAllListeners()
      .on('error', () => undefined)
      .terminate();
  }
}
