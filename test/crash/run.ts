import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { environmentFor } from '../../sandbox/bot.ts';
import { createClock } from '../../sandbox/clock.ts';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { type JimmyAi, MISBEHAVIOUR_KINDS, startJimmyAi } from '../../sandbox/jimmyai/index.ts';
import { pick, seededRandom } from '../../sandbox/jimmyai/random.ts';
import { type Demand, keepAsking } from './demand.ts';
import { startDiscordTrouble } from './discord-trouble.ts';
import { judge, type Verdict } from './judge.ts';
import { type LedgerState, readLedger, thumbnailsIn } from './ledger-state.ts';
import { saysUnconfirmed } from './reply-text.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

export interface CrashTestSize {
  readonly kills: number;
  /** How many generations people keep open all the time. */
  readonly inFlight: number;
  /** Fixes the moments of the kills and the faults. Which work they hit depends on the pace of the processes. */
  readonly seed: number;
}

export interface CrashReport {
  readonly kills: number;
  /** The requests whose deferred reply Discord accepted, and those made while the bot was down. */
  readonly generations: number;
  readonly unanswered: number;
  readonly creates: number;
  readonly tasks: number;
  readonly images: number;
  readonly unconfirmed: number;
  readonly verdict: Verdict;
  /** The state of the ledger at the end, after every token has expired. */
  readonly ledger: LedgerState;
  /** Files that no row needs, or that a row names but that are missing. */
  readonly filesLeft: readonly string[];
  readonly exits: readonly string[];
  readonly leaks: readonly string[];
}

const TASK_DEADLINE_MS = 15_000;
/** The share of processes killed during their start; the others are killed while they work. */
const EARLY_DEATHS = 0.25;
const EARLY_LIFE_MS = 1000;
const WORKING_LIFE_MS = 2500;
/** Longer than the longest back-off of a create. Generations that aren't settled by then are stuck. */
const SETTLE_WITHIN_MS = 35_000;
const AFTER_TOKENS_MS = 16 * 60_000;
const LOOK_AGAIN_MS = 100;
/** The beginning of every interaction token in the sandbox. */
const TOKEN_BEGINNING = Buffer.from('interaction:').toString('base64url');

/** Without the kinds that only take time. Instead, one hanging create is planned for each kill. */
const KINDS = MISBEHAVIOUR_KINDS.filter((kind) => kind !== 'hang' && kind !== 'huge-image');
const MISBEHAVIOUR_RATE = 0.3;

/**
 * Kills the real bot again and again while people keep asking it and Discord and the service misbehave. Then lets it
 * settle in peace, and judges it by what both saw.
 */
export async function runCrashTest({ kills, inFlight, seed }: CrashTestSize): Promise<CrashReport> {
  const clock = createClock();
  const discord = await startDiscord({ clock, rateLimits: false });
  const jimmyAi = await startJimmyAi({ clock, seed, speed: 4, pixelScale: 0.1 });
  jimmyAi.balance.coins = Number.MAX_SAFE_INTEGER;
  const folder = mkdtempSync(join(tmpdir(), 'imagine-crash-'));
  const databasePath = join(folder, 'imagine.sqlite');
  const env = {
    ...environmentFor(discord, jimmyAi, databasePath),
    TASK_DEADLINE_SECONDS: String(TASK_DEADLINE_MS / 1000),
    POLL_MIN_SECONDS: '0.2',
    POLL_MAX_SECONDS: '1',
    // Nobody is there to confirm anything.
    CONFIRM_ABOVE: '4',
    // Three people make all requests. Some wait in the queue, which has to survive as well.
    USER_RUNNING: '0',
    USER_WAITING: '0',
    SERVICE_TASKS: '80',
  };
  const supervisor = createSupervisor(env, [discord.token, jimmyAi.apiKey, TOKEN_BEGINNING]);
  try {
    supervisor.start();
    await discord.ready();
    const demand = keepAsking({ discord, inFlight, random: seededRandom(seed, 0) });
    await killRepeatedly({ discord, jimmyAi, supervisor, demand, kills, seed });
    await demand.stop();
    await settled(demand, databasePath);
    await supervisor.stop();
    await outliveTokens(supervisor, databasePath);
    return {
      kills,
      ...evidence(discord, jimmyAi, demand),
      ledger: readLedger(databasePath),
      filesLeft: filesBesideThumbnails(databasePath),
      exits: supervisor.exits,
      leaks: supervisor.leaks,
    };
  } finally {
    await supervisor.stop('SIGKILL');
    await Promise.all([discord.close(), jimmyAi.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The faults end before the last process starts, which has to repair everything that was left. */
async function killRepeatedly(options: {
  discord: Discord;
  jimmyAi: JimmyAi;
  supervisor: Supervisor;
  demand: Demand;
  kills: number;
  seed: number;
}): Promise<void> {
  const { discord, jimmyAi, supervisor, demand, kills, seed } = options;
  const random = seededRandom(seed, 1);
  const trouble = startDiscordTrouble({ discord, demand, random: seededRandom(seed, 2) });
  jimmyAi.misbehaveAtRandom({ seed, rate: MISBEHAVIOUR_RATE, kinds: KINDS });
  let killing = true;
  for (let kill = 1; kill <= kills; kill += 1) {
    // Loopback answers at once, so a hanging create makes sure that the kill hits one under way.
    jimmyAi.misbehave(
      { kind: 'hang', at: 'create', created: pick(random, [true, false]) },
      { when: () => killing },
    );
    await live(discord, random);
    if (kill === kills) {
      killing = false;
      jimmyAi.misbehaveAtRandom(null);
      await trouble.stop();
    }
    await supervisor.stop('SIGKILL');
    supervisor.start();
  }
}

/**
 * Waits for the moment of the kill. It counts from readiness, so that a slow machine doesn't make it earlier in the
 * work.
 */
async function live(discord: Discord, random: () => number): Promise<void> {
  if (random() < EARLY_DEATHS) return delay(random() * EARLY_LIFE_MS);
  // The previous process's session ends a moment after the process.
  await delay(LOOK_AGAIN_MS);
  await discord.ready();
  await delay(random() * WORKING_LIFE_MS);
}

async function settled(demand: Demand, databasePath: string): Promise<void> {
  const limit = AbortSignal.timeout(SETTLE_WITHIN_MS);
  while (!limit.aborted) {
    const { unsettled, unfinished } = readLedger(databasePath);
    if (unsettled + unfinished + demand.open().length === 0) return;
    await delay(LOOK_AGAIN_MS);
  }
}

/** Starts a process with its clock ahead, which has to delete the expired tokens. */
async function outliveTokens(supervisor: Supervisor, databasePath: string): Promise<void> {
  const ahead = `const { now } = Date; Date.now = () => now() + ${AFTER_TOKENS_MS};`;
  supervisor.start({ nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(ahead)}`] });
  const limit = AbortSignal.timeout(SETTLE_WITHIN_MS);
  while (!limit.aborted && readLedger(databasePath).tokens > 0) await delay(LOOK_AGAIN_MS);
  await supervisor.stop();
}

function evidence(discord: Discord, jimmyAi: JimmyAi, { asked }: Demand) {
  const messages = discord.messages().filter(({ author }) => author.id === discord.bot.id);
  const creates = jimmyAi.requests.filter(
    ({ method, path }) => method === 'POST' && path.endsWith('/images'),
  );
  const { tasks } = jimmyAi;
  const generations = asked.filter(({ interaction }) => interaction.history.length > 0).length;
  return {
    generations,
    unanswered: asked.length - generations,
    creates: creates.length,
    tasks: tasks.length,
    images: messages.reduce((sum, { attachments }) => sum + attachments.length, 0),
    unconfirmed: messages.filter(saysUnconfirmed).length,
    verdict: judge({ asked, messages, creates, tasks, taskDeadlineMs: TASK_DEADLINE_MS }),
  };
}

/** The files at the end other than the thumbnails that rows name, and the named thumbnails that are missing. */
function filesBesideThumbnails(databasePath: string): string[] {
  const folder = `${databasePath}-files`;
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const named = thumbnailsIn(databasePath);
  return [...there.filter((name) => !named.includes(name)), ...named.filter((name) => !there.includes(name))];
}
