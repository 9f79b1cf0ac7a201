import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Clock, createClock } from '../clock.ts';
import { originAt, type Tls } from '../tls.ts';
import { type Balance, createBalance } from './account.ts';
import { createApp } from './app.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import {
  createMisbehaviours,
  type MisbehaviourScope,
  type RandomMisbehaviour,
} from './misbehaviour-plans.ts';
import { createPrices, type Prices } from './prices.ts';
import type { RecordedRequest } from './recording.ts';
import { createTasks, type Task } from './tasks.ts';
import { createToolCalls, type ToolCall } from './tools/calls.ts';

export { FAILURE_REASONS, MISBEHAVIOUR_KINDS } from './typical-misbehaviour.ts';
export type {
  Balance,
  Misbehaviour,
  MisbehaviourScope,
  Prices,
  RandomMisbehaviour,
  RecordedRequest,
  Task,
  ToolCall,
};

export interface JimmyAiOptions {
  clock?: Clock;
  /** Default: a free one, on 127.0.0.1. */
  port?: number;
  apiKey?: string;
  /** Divides the models' durations. */
  speed?: number;
  /** Fixes the durations, by order of creation. */
  seed?: number;
  /** Factor on the pixels of each side of a result. */
  pixelScale?: number;
  /** Documented errors come with HTTP 400 or 401 instead of 200; the service does both. */
  httpErrors?: boolean;
  /** Serves TLS only, under the name of the certificate. */
  tls?: Tls;
}

interface Events {
  request: [RecordedRequest];
  task: [Task];
}

export interface JimmyAi {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Every task that was created, in its current state. */
  readonly tasks: readonly Task[];
  /** Every call of a tool that was charged. */
  readonly toolCalls: readonly ToolCall[];
  readonly requests: readonly RecordedRequest[];
  readonly balance: Balance;
  readonly prices: Prices;
  /** Makes the next create, with its task, or the next upload or tool go wrong. */
  misbehave(misbehaviour: Misbehaviour, scope?: MisbehaviourScope): void;
  /** Makes creates, uploads and tools go wrong by chance; null ends it. */
  misbehaveAtRandom(options: RandomMisbehaviour | null): void;
  /** Listens to answered requests, and to created, queried and fetched tasks. The returned function stops it. */
  on<Name extends keyof Events>(event: Name, listener: (...event: Events[Name]) => void): () => void;
  /** Ends at once, and cuts open connections. */
  close(): Promise<void>;
}

/** Starts an imitation of the JimmyAI image API on loopback. Rejects when the port is taken. */
export async function startJimmyAi({
  clock = createClock(),
  port = 0,
  apiKey = 'sandbox-key',
  speed = 1,
  seed = 1,
  pixelScale = 1,
  httpErrors = false,
  tls,
}: JimmyAiOptions = {}): Promise<JimmyAi> {
  const events = new EventEmitter();
  const requests: RecordedRequest[] = [];
  const tasks = createTasks({ clock, speed, seed });
  const toolCalls = createToolCalls({ clock });
  const balance = createBalance(tasks, toolCalls);
  const prices = createPrices();
  const misbehaviours = createMisbehaviours();
  const app = createApp({
    clock,
    apiKey,
    pixelScale,
    httpErrors,
    requests,
    tasks,
    toolCalls,
    speed,
    balance,
    prices,
    misbehaviours,
    onRequest: (request) => events.emit('request', request),
    onTask: (task) => events.emit('task', task),
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    ...(tls && { createServer: createSecureServer, serverOptions: tls }),
  }) as Server;
  await once(server.listen(port, '127.0.0.1'), 'listening');

  return {
    baseUrl: originAt((server.address() as AddressInfo).port, tls),
    apiKey,
    requests,
    balance,
    prices,
    get tasks() {
      return tasks.all();
    },
    get toolCalls() {
      return toolCalls.all();
    },
    misbehave: misbehaviours.plan,
    misbehaveAtRandom: misbehaviours.atRandom,
    on(event, listener) {
      events.on(event, listener);
      return () => events.off(event, listener);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
