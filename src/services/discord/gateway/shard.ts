import { setTimeout as delay } from 'node:timers/promises';
import {
  type IContextFetchingStrategy,
  SimpleContextFetchingStrategy,
  type WebSocketManager,
  type WebSocketShard,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
  WebSocketShardStatus,
} from '@discordjs/ws';
import type { Logger } from '../../log.ts';
import type { GatewayRelay } from '../../proxy/gateway-relay.ts';
import { describeEnding, type Ending, LEFT_FOR } from './close-codes.ts';
import { Connection } from './connection.ts';
import { createPatience, type GatewayTimes } from './patience.ts';

export interface ShardOptions {
  readonly id: number;
  readonly manager: WebSocketManager;
  readonly options: IContextFetchingStrategy['options'];
  readonly times: GatewayTimes;
  readonly log: Logger;
  readonly relay: GatewayRelay | null;
  /** Called once, when the shard gives up. */
  givenUp(ending: Ending): void;
}

export interface PatientShard {
  readonly shard: WebSocketShard;
  /** Ends a pause and the watch for a connection that hangs. */
  stop(): void;
}

/**
 * discord.js's shard, with pauses and an end. By itself it tries again at once and for ever, and waits for ever for the
 * answer to a RESUME. It asks for its session before each connection; that is when this one makes it pause or begin a
 * new session.
 */
export function createPatientShard(deps: ShardOptions): PatientShard {
  const { id, manager, times, log, relay, givenUp } = deps;
  const by = (url: string) => relay?.addressFor(url) ?? url;
  const { gatewayInformation } = deps.options;
  // An invalid URL would end the process at the next connection.
  const resumeAt = (url: unknown) => (isGatewayAddress(url) ? url : gatewayInformation.url);
  const options = {
    ...deps.options,
    gatewayInformation: { ...gatewayInformation, url: by(gatewayInformation.url) },
  };
  const patience = createPatience(times, { now: () => performance.now(), random: Math.random });
  const stopping = new AbortController();
  const said = new Set<string>();
  const base = new SimpleContextFetchingStrategy(manager, options);
  let ending: Ending = NOTHING_YET;
  let isUnderWay = false;
  let watch: NodeJS.Timeout | undefined;

  const context: IContextFetchingStrategy = {
    options,
    async retrieveSessionInfo(shardId) {
      // During a connection, discord.js asks only to write the session back with its own URL.
      if (shard.status !== WebSocketShardStatus.Idle) return base.retrieveSessionInfo(shardId);
      await beforeConnecting();
      const session = await base.retrieveSessionInfo(shardId);
      return session && { ...session, resumeURL: by(session.resumeURL) };
    },
    updateSessionInfo: (shardId, session) =>
      base.updateSessionInfo(shardId, session && { ...session, resumeURL: resumeAt(session.resumeURL) }),
    async waitForIdentify(shardId, signal) {
      // When many shards log in, the turn of this one may come minutes later.
      clearTimeout(watch);
      await base.waitForIdentify(shardId, signal);
      watchForHanging();
    },
  };
  const shard = new Connection(context, id, (leftFor) => {
    // If Discord ended the connection first, its reason counts.
    if (ending.code === undefined && ending.leftFor === undefined) ending = { ...ending, leftFor };
  });

  async function beforeConnecting(): Promise<void> {
    clearTimeout(watch);
    if (stopping.signal.aborted) return never();
    // discord.js doesn't report every end of a connection.
    if (isUnderWay) patience.failed();
    isUnderWay = false;
    if (patience.isOver()) {
      givenUp(ending);
      return never();
    }
    const pauseMs = patience.pauseMs();
    const anew = patience.wantsNewSession() && (await base.retrieveSessionInfo(id)) !== null;
    if (anew) await base.updateSessionInfo(id, null);
    if (patience.isTroubled()) tell(pauseMs, anew);
    await delay(pauseMs, undefined, { signal: stopping.signal }).catch(never);
    ending = NOTHING_YET;
    isUnderWay = true;
    watchForHanging();
  }

  /** Warns once of each kind of trouble, until the shard works again. */
  function tell(pauseMs: number, anew: boolean): void {
    const words = describeEnding(ending);
    const level = said.has(words) && !anew ? 'debug' : 'warn';
    said.add(words);
    const what = anew ? 'begins a new session' : 'connects again';
    const when = pauseMs === 0 ? 'at once' : `in ${Math.ceil(pauseMs / 1000)} s`;
    log[level]({ shard: id, code: ending.code, pauseMs }, `${words}; the bot ${what} ${when}`);
  }

  function watchForHanging(): void {
    clearTimeout(watch);
    watch = setTimeout(() => {
      // If discord.js is ending this connection as well, only the later of the two reconnects.
      void shard.destroy({
        reason: LEFT_FOR.hanging,
        recover: WebSocketShardDestroyRecovery.Reconnect,
      });
    }, times.anewAfterMs).unref();
  }

  function works(how: 'identified' | 'resumed'): void {
    clearTimeout(watch);
    patience.works(how);
    if (patience.isTroubled()) log.info({ shard: id, how }, 'the gateway connection is back');
    said.clear();
  }

  shard
    .on(WebSocketShardEvents.Hello, () => {
      ending = { ...ending, greeted: true };
    })
    .on(WebSocketShardEvents.Ready, () => works('identified'))
    .on(WebSocketShardEvents.Resumed, () => works('resumed'))
    .on(WebSocketShardEvents.Error, ({ error }) => {
      // Behind a relay the socket only knows that it was refused.
      ending = { ...ending, error: relay?.problem() ?? error };
    })
    .on(WebSocketShardEvents.Closed, ({ code }) => {
      clearTimeout(watch);
      ending = { ...ending, code };
    });

  return {
    shard,
    stop() {
      clearTimeout(watch);
      stopping.abort();
    },
  };
}

const NOTHING_YET: Ending = { code: undefined, error: undefined, greeted: false, leftFor: undefined };

function isGatewayAddress(url: unknown): url is string {
  const protocol = typeof url === 'string' ? URL.parse(url)?.protocol : null;
  return protocol === 'wss:' || protocol === 'ws:';
}

/** Stops discord.js without an error, which nobody would catch. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
