import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bot, environmentFor, startBot } from '../../sandbox/bot.ts';
import { createClock } from '../../sandbox/clock.ts';
import { type RecordedRequest, startDiscord } from '../../sandbox/discord/index.ts';
import { type JimmyAi, MISBEHAVIOUR_KINDS, startJimmyAi } from '../../sandbox/jimmyai/index.ts';
import { seededRandom } from '../../sandbox/jimmyai/random.ts';
import { judge, type Verdict } from '../crash/judge.ts';
import { imagesSeen } from '../crash/seen-by-service.ts';
import { sendAttackers } from './attackers.ts';
import { type Crowd, gather } from './crowd.ts';
import { startWeather } from './discord-weather.ts';
import { atService, mostAtOnce, mostOfAny, open, readServed, running, type Served } from './served.ts';

export interface SoakSize {
  readonly seconds: number;
  readonly people: number;
  readonly servers: number;
  /** Simultaneous tasks at the service. */
  readonly tasks: number;
  /** How much faster than in reality the service is. */
  readonly speed: number;
  readonly seed: number;
  /** Members who do everything to keep the bot from serving the others. Default 0. */
  readonly attackers?: number;
}

/** The highest observed number, and the limit. */
export interface Held {
  readonly most: number;
  readonly limit: number;
}

export interface SoakReport {
  readonly requests: number;
  readonly images: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly limits: Readonly<Record<string, Held>>;
  /** How long the steady people waited for their turn, in seconds. */
  readonly waits: { readonly count: number; readonly median: number; readonly longest: number };
  /** Resident memory in MB, early and at the end. */
  readonly memory: { readonly early: number; readonly late: number };
  /** How long the people waited for the first answer to their click, in milliseconds. */
  readonly deferrals: { readonly count: number; readonly p99: number };
  /** The peaks: memory and disk in MB, and the answers for which Discord bans an address. */
  readonly taken: { readonly memory: number; readonly disk: number; readonly invalidAnswers: number };
  /** How often each attack was carried out. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  /** Errors that escaped every handler, the output on stderr, and unexpected ends of the process. */
  readonly escaped: readonly string[];
}

const LIMITS = { userRunning: 3, userWaiting: 10, serverRunning: 8 };
const TASK_DEADLINE_MS = 20_000;
/** Longer than the deadline and the longest back-off of a create together. */
const LAST_WORDS_WITHIN_MS = 90_000;
const SAMPLE_EVERY_MS = 1000;
const MISBEHAVIOUR_RATE = 0.1;
/** Without the fault that stops the whole bot by design (no credit), and those that only take very long. */
const KINDS = MISBEHAVIOUR_KINDS.filter((kind) => !['out-of-credit', 'hang', 'huge-image'].includes(kind));

/** A crowd on many servers uses the real bot while the service misbehaves and both sides limit its rate. */
export async function runSoak({
  seconds,
  people,
  servers,
  tasks,
  speed,
  seed,
  attackers = 0,
}: SoakSize): Promise<SoakReport> {
  const clock = createClock();
  const discord = await startDiscord({ clock });
  const jimmyAi = await startJimmyAi({ clock, seed, speed, pixelScale: 0.05 });
  jimmyAi.balance.coins = Number.MAX_SAFE_INTEGER;
  jimmyAi.misbehaveAtRandom({ seed, rate: MISBEHAVIOUR_RATE, kinds: KINDS });
  const folder = mkdtempSync(join(tmpdir(), 'imagine-soak-'));
  const databasePath = join(folder, 'imagine.sqlite');
  const bot = startBot({
    env: {
      ...environmentFor(discord, jimmyAi, databasePath),
      TASK_DEADLINE_SECONDS: String(TASK_DEADLINE_MS / 1000),
      POLL_MIN_SECONDS: '0.5',
      POLL_MAX_SECONDS: '2',
      USER_RUNNING: String(LIMITS.userRunning),
      USER_WAITING: String(LIMITS.userWaiting),
      SERVER_RUNNING: String(LIMITS.serverRunning),
      SERVICE_TASKS: String(tasks),
    },
  });
  const escaped = watchFor(bot);
  try {
    await discord.ready();
    const crowd = gather({ discord, people, servers, random: seededRandom(seed, 3) });
    const weather = startWeather({ discord, random: seededRandom(seed, 4) });
    const attack = await sendAttackers({ discord, attackers });
    const samples = await sample(bot, folder, seconds * 1000);
    jimmyAi.misbehaveAtRandom(null);
    await Promise.all([weather.stop(), attack.stop()]);
    await crowd.stop(LAST_WORDS_WITHIN_MS);
    const messages = discord.messages().filter(({ author }) => author.id === discord.bot.id);
    return {
      requests: crowd.asked.length,
      images: messages.reduce((sum, { attachments }) => sum + attachments.length, 0),
      refused: crowd.refused,
      unanswered: crowd.unanswered,
      ...figuresOf({ path: databasePath, crowd, jimmyAi, tasks }),
      memory: { early: medianOf(fifthOf(samples, 1)), late: medianOf(fifthOf(samples, 4)) },
      deferrals: { count: crowd.deferralsMs.length, p99: percentile(crowd.deferralsMs, 0.99) },
      taken: {
        memory: Math.max(...samples.map(({ memory }) => memory)),
        disk: Math.max(...samples.map(({ disk }) => disk)),
        invalidAnswers: discord.requests.filter(isInvalid).length,
      },
      attempts: attack.attempts,
      verdict: judge({
        asked: crowd.asked,
        messages,
        ...imagesSeen(jimmyAi),
        taskDeadlineMs: TASK_DEADLINE_MS,
      }),
      escaped: escaped(),
    };
  } finally {
    await bot.stop('SIGKILL');
    await Promise.all([discord.close(), jimmyAi.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf({
  path,
  crowd,
  jimmyAi,
  tasks,
}: {
  path: string;
  crowd: Crowd;
  jimmyAi: JimmyAi;
  tasks: number;
}): Pick<SoakReport, 'limits' | 'waits'> {
  const served = readServed(path);
  return {
    limits: {
      'running of a person': { most: mostOfAny(served, 'userId', running), limit: LIMITS.userRunning },
      // A request that can begin at once doesn't count as waiting before it has begun, so only the sum is exact.
      'running and waiting of a person': {
        most: mostOfAny(served, 'userId', open),
        limit: LIMITS.userRunning + LIMITS.userWaiting,
      },
      'running of a server': { most: mostOfAny(served, 'guildId', running), limit: LIMITS.serverRunning },
      'tasks at the service': { most: mostAtOnce(atService(jimmyAi.tasks, path)), limit: tasks },
    },
    waits: waitsOf(served, crowd),
  };
}

/** The waits of people who always ask for one image at a time, once everybody is in line. */
function waitsOf(served: readonly Served[], { members }: Crowd): SoakReport['waits'] {
  const steady = new Set(members.filter(({ temper }) => temper === 'steady').map(({ user }) => user.id));
  const waits = [...Map.groupBy(served, ({ userId }) => userId)]
    .filter(([userId]) => steady.has(userId))
    // The first wait is left out, because the line was still forming.
    .flatMap(([, own]) => own.toSorted((a, b) => a.createdAt - b.createdAt).slice(1))
    .flatMap(({ createdAt, startedAt }) => (startedAt === null ? [] : (startedAt - createdAt) / 1000))
    .sort((a, b) => a - b);
  return {
    count: waits.length,
    median: waits[Math.floor(waits.length / 2)] ?? 0,
    longest: waits.at(-1) ?? 0,
  };
}

function watchFor(bot: Bot): () => string[] {
  const found: string[] = [];
  bot.onLog((line) => {
    if (line.level === 'fatal') found.push(JSON.stringify(line));
  });
  void bot.ended.then((how) => found.push(`the process has ended: ${how}`));
  return () => [...found, ...bot.errors];
}

interface Sample {
  /** Resident memory in MB. */
  readonly memory: number;
  /** The ledger and everything beside it, in MB. */
  readonly disk: number;
}

async function sample({ process: { pid } }: Bot, folder: string, forMs: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    await delay(SAMPLE_EVERY_MS);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const memory = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
    samples.push({ memory, disk: sizeOf(folder) / 1024 ** 2 });
  }
  return samples;
}

/** The bytes of all files in a folder, except files that disappear meanwhile. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}

/** Whether Discord counts the answer towards a ban of the address (docs: topics/rate-limits, invalid requests). */
function isInvalid({ status }: RecordedRequest): boolean {
  return status === 401 || status === 403 || status === 429;
}

/** The samples in one of five equal parts of the time. By the second part, one-time work is done. */
function fifthOf(samples: readonly Sample[], index: number): number[] {
  const fifth = Math.floor(samples.length / 5);
  return samples.slice(index * fifth, (index + 1) * fifth).map(({ memory }) => memory);
}

function medianOf(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}
