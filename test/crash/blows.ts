import { setTimeout as delay } from 'node:timers/promises';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import type { PostgresStore } from './postgres-store.ts';
import type { Supervisor } from './supervisor.ts';
import type { Takeovers } from './takeovers.ts';

/**
 * The blows to processes that share a database. `kill` is SIGKILL. `pause` stops a process past its lease. `part` lets the
 * network between a process and the database swallow all packets for as long. `cut` ends a process's connections.
 * `restart database` ends the server as a crash does, and starts it again.
 */
export const BLOWS = ['kill', 'pause', 'part', 'cut', 'restart database'] as const;
export type Blow = (typeof BLOWS)[number];

/** Each is as likely as another. */
const CHANCES: readonly Blow[] = [
  ...Array<Blow>(3).fill('kill'),
  ...Array<Blow>(2).fill('pause'),
  ...Array<Blow>(2).fill('part'),
  ...Array<Blow>(2).fill('cut'),
  'restart database',
];
/** A lease lasts 15 s, and every process looks for free ones every 4 s. */
const PAST_THE_LEASE_MS = { least: 16_000, more: 6000 };
const BETWEEN_BLOWS_MS = 2500;

/** Strikes the processes at random, several of them at once. Resolves once all run and are connected again. */
export async function strikeRepeatedly(options: {
  supervisors: readonly Supervisor[];
  store: PostgresStore;
  takeovers: Takeovers;
  random: Random;
  blows: number;
  /** What the process after a killed one gets besides. */
  nextEnv(): Record<string, string>;
  /** Called before each blow. */
  announce(blow: Blow): void;
}): Promise<void> {
  const { supervisors, store, takeovers, random, blows, nextEnv, announce } = options;
  const away = new Map<number, Promise<void>>();

  async function strike(blow: Blow, process: number): Promise<void> {
    const supervisor = supervisors[process] as Supervisor;
    const pastTheLease = PAST_THE_LEASE_MS.least + random() * PAST_THE_LEASE_MS.more;
    switch (blow) {
      case 'kill':
        takeovers.follow(supervisor.owner());
        await supervisor.stop('SIGKILL');
        supervisor.start({ env: nextEnv() });
        break;
      case 'pause':
        takeovers.follow(supervisor.owner());
        supervisor.signal('SIGSTOP');
        await delay(pastTheLease);
        supervisor.signal('SIGCONT');
        break;
      case 'part':
        store.network(process).swallow();
        await delay(pastTheLease);
        store.network(process).restore();
        break;
      case 'cut':
        store.network(process).cut();
        break;
      case 'restart database':
        await store.restart();
        break;
    }
  }

  for (let blow = 1; blow <= blows; blow += 1) {
    await delay(random() * BETWEEN_BLOWS_MS);
    // One process is always there to go on with the work of the others.
    while (away.size >= supervisors.length - 1) await Promise.race(away.values());
    const process = pick(
      random,
      [...supervisors.keys()].filter((each) => !away.has(each)),
    );
    const kind = pick(random, CHANCES);
    announce(kind);
    const struck = strike(kind, process).finally(() => away.delete(process));
    // All processes need the database, so no other blow falls until it is back.
    if (kind === 'restart database') await struck;
    else away.set(process, struck);
  }
  await Promise.all(away.values());
}
