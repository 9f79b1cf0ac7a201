import { setTimeout as delay } from 'node:timers/promises';
import { MISBEHAVIOUR_KINDS } from '../jimmyai/index.ts';
import type { Players } from '../start.ts';
import { channelsOf, peopleOf } from './places.ts';
import type { BotState, PageEvent, ShownRequest, Snapshot } from './protocol.ts';
import { createRedact } from './redact.ts';
import { showMessage, showRequest, showTask } from './shown.ts';

/** The events for an open page: first a snapshot, then every change. */
export interface Feed {
  snapshot(): Snapshot;
  /** Calls back on events; the returned function stops it. */
  follow(listener: (event: PageEvent) => void): () => void;
  close(): void;
}

const TASKS_EVERY_MS = 400;
/** The number of past requests that a new page shows. */
const MOST_REQUESTS = 200;

export function createFeed(sandbox: Players): Feed {
  const { discord, jimmyAi, bot } = sandbox;
  const redact = createRedact(sandbox);
  const listeners = new Set<(event: PageEvent) => void>();
  const tell = (event: PageEvent) => {
    for (const listener of listeners) listener(event);
  };
  const requests: ShownRequest[] = [...discord.requests, ...jimmyAi.requests]
    .toSorted((one, other) => one.at - other.at)
    .map((request) => showRequest(request, redact));
  const record = (request: Parameters<typeof showRequest>[0]) => {
    const shown = showRequest(request, redact, discord.clock.now());
    requests.push(shown);
    tell({ kind: 'request', request: shown });
  };
  const tasks = () => jimmyAi.tasks.map(showTask);
  // The bot is connected when the page starts; afterwards its sessions report.
  let isConnected = true;
  const botState = (): BotState => (!bot.isRunning ? 'offline' : isConnected ? 'online' : 'connecting');

  const ending = new AbortController();
  const stops = [
    discord.on('message', (message) => tell({ kind: 'message', message: showMessage(message, discord) })),
    discord.on('messageDelete', ({ id }) => tell({ kind: 'messageDelete', id })),
    discord.on('commands', () => tell({ kind: 'commands' })),
    discord.on('request', record),
    discord.on('session', ({ state }) => {
      isConnected = state === 'ready' || state === 'resumed';
      tell({ kind: 'bot', botState: botState() });
    }),
    jimmyAi.on('request', record),
    jimmyAi.on('task', () => tell({ kind: 'tasks', tasks: tasks() })),
    () => ending.abort(),
  ];
  bot.onChange(() => tell({ kind: 'bot', botState: botState() }));
  void tellOfTasks();

  /** Nothing announces the progress of tasks, so it is polled. */
  async function tellOfTasks(): Promise<void> {
    while (!ending.signal.aborted) {
      if (jimmyAi.tasks.some(({ status }) => status === 'queued' || status === 'processing')) {
        tell({ kind: 'tasks', tasks: tasks() });
      }
      await delay(TASKS_EVERY_MS, undefined, { ref: false, signal: ending.signal }).catch(() => undefined);
    }
  }

  return {
    snapshot: () => ({
      now: discord.clock.now(),
      bot: { id: discord.bot.id, name: discord.bot.global_name ?? discord.bot.username },
      botState: botState(),
      people: peopleOf(discord).map(({ shown }) => shown),
      channels: channelsOf(discord).map(({ shown }) => shown),
      roles: discord.guild.roles.map(({ id, name }) => ({ id, name })),
      misbehaviours: MISBEHAVIOUR_KINDS,
      messages: discord.messages().map((message) => showMessage(message, discord)),
      requests: requests.slice(-MOST_REQUESTS),
      tasks: tasks(),
    }),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}
