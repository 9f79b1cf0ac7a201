import { setTimeout as delay } from 'node:timers/promises';
import {
  type IShardingStrategy,
  managerToFetchingStrategyOptions,
  SimpleShardingStrategy,
  type WebSocketManager,
  WebSocketShardEvents,
} from '@discordjs/ws';
import type { Logger } from '../../log.ts';
import type { GatewayRelay } from '../../proxy/gateway-relay.ts';
import type { Ending } from './close-codes.ts';
import type { GatewayTimes } from './patience.ts';
import { createPatientShard, type PatientShard } from './shard.ts';

const CLOSE_WITHIN_MS = 1000;

export interface StrategyOptions {
  readonly times: GatewayTimes;
  readonly log: Logger;
  readonly relay: GatewayRelay | null;
  /** Called once, when a shard gives up. */
  givenUp(shard: number, ending: Ending): void;
}

/** A sharding strategy for discord.js: all shards run in this process, each with its own patience. */
export function createPatientStrategy(
  manager: WebSocketManager,
  { times, log, relay, givenUp }: StrategyOptions,
): IShardingStrategy {
  const shards = new Map<number, PatientShard>();

  return {
    async spawn(ids) {
      const options = await managerToFetchingStrategyOptions(manager);
      for (const id of ids) {
        const made = createPatientShard({
          id,
          manager,
          options: { ...options, helloTimeout: times.helloWithinMs },
          times,
          log,
          relay,
          givenUp: (ending) => givenUp(id, ending),
        });
        for (const event of Object.values(WebSocketShardEvents)) {
          made.shard.on(event, (payload?: object) =>
            manager.emit(event, { ...payload, shardId: id } as never),
          );
        }
        shards.set(id, made);
      }
    },
    async connect() {
      await Promise.all(
        [...shards].map(async ([id, { shard }]) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          shard.once(WebSocketShardEvents.Ready, () => resolve());
          // The promise rejects at the first error of a socket, but the shard keeps trying.
          shard.connect().catch((err) => log.debug({ err, shard: id }, 'the first connection failed'));
          await promise;
        }),
      );
    },
    async destroy(options) {
      const all = [...shards.values()];
      shards.clear();
      for (const { stop } of all) stop();
      const ended = Promise.all(all.map(({ shard }) => shard.destroy(options)));
      // discord.js waits for ever for the end of a connection that is lost or just logging in. The timer must keep the
      // process alive; otherwise Node.js could exit in the middle of the shutdown.
      await Promise.race([ended, delay(CLOSE_WITHIN_MS)]);
    },
    async send(id, payload) {
      const found = shards.get(id);
      if (!found) throw new RangeError(`Shard ${id} not found`);
      await found.shard.send(payload);
    },
    async fetchStatus() {
      // The collection must come from the version of @discordjs/collection that @discordjs/ws depends on.
      const statuses = await new SimpleShardingStrategy(manager).fetchStatus();
      for (const [id, { shard }] of shards) statuses.set(id, shard.status);
      return statuses;
    },
  };
}
