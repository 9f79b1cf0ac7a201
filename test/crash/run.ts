import { setTimeout as delay } from 'node:timers/promises';
import { environmentFor } from '../../sandbox/bot.ts';
import { createClock } from '../../sandbox/clock.ts';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { type JimmyAi, MISBEHAVIOUR_KINDS, startJimmyAi } from '../../sandbox/jimmyai/index.ts';
import { pick, type Random, seededRandom } from '../../sandbox/jimmyai/random.ts';
import { serversOnShards } from '../support/servers-on-shards.ts';
import { type Blow, strikeRepeatedly } from './blows.ts';
import { type Demand, keepAsking, MODELS, type Place } from './demand.ts';
import { startDiscordTrouble } from './discord-trouble.ts';
import { judge, type Verdict } from './judge.ts';
import { createPostgresStore, type PostgresStore } from './postgres-store.ts';
import { isOfTool, saysUnconfirmed } from './reply-text.ts';
import { imagesSeen, toolsSeen, wordsSeen } from './seen-by-service.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { LedgerState, Store } from './store.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { measureTakeovers } from './takeovers.ts';
import { createToolUsers, type ToolUsers } from './tool-users.ts';

export interface CrashTestSize {
  /** How many blows the bot gets. One process is killed; for several, see {@link BLOWS}. */
  readonly blows: number;
  /** How many generations people keep open all the time. */
  readonly inFlight: number;
  /** Fixes the moments of the blows and the faults. Which work they hit depends on the pace of the processes. */
  readonly seed: number;
  /** One on SQLite, or several on one PostgreSQL. Default 1. */
  readonly processes?: number;
}

export interface CrashReport {
  readonly blows: Readonly<Partial<Record<Blow, number>>>;
  /** The requests whose deferred reply Discord accepted, and those made while the bot was down. */
  readonly generations: number;
  readonly unanswered: number;
  readonly creates: number;
  /** Of them, those by OpenAI's API. */
  readonly byOpenAi: number;
  readonly tasks: number;
  /** The requests for tools among the generations, their calls, and how often people were told that there are no tools. */
  readonly toolRequests: number;
  readonly toolCalls: number;
  readonly promptsRewritten: number;
  readonly toolsNotOffered: number;
  readonly images: number;
  readonly unconfirmed: number;
  /** How long each generation of a process that was gone waited for another process, in seconds. */
  readonly takeovers: readonly number[];
  readonly verdict: Verdict;
  /** The state of the ledger at the end, after every token has expired. */
  readonly ledger: LedgerState;
  /** Files that no row needs, or that a row names but that are missing. */
  readonly filesLeft: readonly string[];
  readonly exits: readonly string[];
  readonly leaks: readonly string[];
}

/**
 * Settling takes longer than the longest back-off of a create, and than a lease, after which the work of one of several
 * processes goes on. Generations that aren't settled by then are stuck.
 */
const SETTLE_WITHIN_MS = 120_000;
const TASK_DEADLINE_MS = { one: 15_000, several: 60_000 };
/** The share of processes killed during their start; the others are killed while they work. */
const EARLY_DEATHS = 0.25;
const EARLY_LIFE_MS = 1000;
const WORKING_LIFE_MS = 2500;
const AFTER_TOKENS_MS = 16 * 60_000;
const LOOK_AGAIN_MS = 100;
/** The beginning of every interaction token in the sandbox. */
const TOKEN_BEGINNING = Buffer.from('interaction:').toString('base64url');

/**
 * Without the kinds that only take time. Instead, one hanging create is planned for each kill. Without lacking credit as
 * well: by OpenAI's API nobody can ask whether there is credit again, and nothing would be made for minutes.
 */
const LEFT_OUT: readonly string[] = ['hang', 'huge-image', 'out-of-credit'];
const KINDS = MISBEHAVIOUR_KINDS.filter((kind) => !LEFT_OUT.includes(kind));
const MISBEHAVIOUR_RATE = 0.3;
/** The share of processes that make images by OpenAI's API, without tools, and still ask about the tasks of the others. */
const OPENAI_SHARE = 0.4;

interface Scene {
  readonly discord: Discord;
  readonly jimmyAi: JimmyAi;
  readonly supervisors: readonly Supervisor[];
  readonly demand: Demand;
  readonly random: Random;
  readonly blows: number;
}

/**
 * Strikes the real bot again and again while people keep asking it and Discord and the service misbehave. Then lets it
 * settle in peace, and judges it by what both saw.
 */
export async function runCrashTest(size: CrashTestSize): Promise<CrashReport> {
  const { blows, inFlight, seed, processes = 1 } = size;
  const taskDeadlineMs = TASK_DEADLINE_MS[processes === 1 ? 'one' : 'several'];
  const clock = createClock();
  const discord = await startDiscord({ clock, rateLimits: false });
  const jimmyAi = await startJimmyAi({ clock, seed, speed: 4, pixelScale: 0.1 });
  jimmyAi.balance.coins = Number.MAX_SAFE_INTEGER;
  const shared = processes > 1 ? await createPostgresStore(processes) : null;
  const store: Store = shared ?? createSqliteStore();
  const secrets = [discord.token, jimmyAi.apiKey, TOKEN_BEGINNING];
  const supervisors = Array.from({ length: processes }, (_, process) =>
    createSupervisor(
      {
        ...environmentFor(discord, jimmyAi, '', 'openai'),
        ...store.env(process),
        IMAGE_API: 'jimmyai',
        MODELS: MODELS.join(),
        OPENAI_MODELS: MODELS.join(),
        ...(processes > 1 && { SHARDS: `${process} of ${processes}` }),
        TASK_DEADLINE_SECONDS: String(taskDeadlineMs / 1000),
        POLL_MIN_SECONDS: '0.2',
        POLL_MAX_SECONDS: '1',
        // Nobody is there to confirm anything.
        CONFIRM_ABOVE: '4',
        // Three people make all requests. Some wait in the queue, which has to survive as well.
        USER_RUNNING: '0',
        USER_WAITING: '0',
        SERVICE_TASKS: '80',
      },
      secrets,
    ),
  );
  try {
    const places = placesOf(discord, processes);
    const toolUsers = createToolUsers({
      discord,
      random: seededRandom(seed, 3),
      offersTools: (shard) => supervisors[shard]?.api() === 'jimmyai',
    });
    const demand = keepAsking({
      discord,
      places,
      inFlight,
      random: seededRandom(seed, 0),
      useTool: toolUsers.use,
    });
    for (const supervisor of supervisors) supervisor.start();
    await discord.ready();
    const scene = { discord, jimmyAi, supervisors, demand, random: seededRandom(seed, 1), blows };
    const trouble = startDiscordTrouble({
      discord,
      demand,
      store,
      random: seededRandom(seed, 2),
    });
    jimmyAi.misbehaveAtRandom({ seed, rate: MISBEHAVIOUR_RATE, kinds: KINDS });
    const struck = shared
      ? await strikeSeveral(scene, shared, trouble.stop)
      : await killOne(scene, trouble.stop);
    await demand.stop();
    await settled(demand, store);
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    await outliveTokens(supervisors, store);
    return {
      ...struck,
      ...(await evidence({ discord, jimmyAi, demand, toolUsers, taskDeadlineMs })),
      ledger: await store.state(),
      filesLeft: await store.filesLeft(),
      exits: supervisors.flatMap(({ exits }) => exits),
      leaks: supervisors.flatMap(({ leaks }) => leaks),
    };
  } finally {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop('SIGKILL')));
    await Promise.all([discord.close(), jimmyAi.close()]);
    await store.remove();
  }
}

function placesOf(discord: Discord, processes: number): Place[] {
  return processes === 1
    ? [discord.channel, discord.otherChannel].map((channel) => ({ channel, shard: 0 }))
    : serversOnShards(discord, processes).map((channel, shard) => ({ channel, shard }));
}

type Struck = Pick<CrashReport, 'blows' | 'takeovers'>;

/** The faults end before the last process starts, which has to repair everything that was left. */
async function killOne(scene: Scene, endTrouble: () => Promise<void>): Promise<Struck> {
  const { discord, jimmyAi, random, blows } = scene;
  const [supervisor] = scene.supervisors as [Supervisor];
  let killing = true;
  for (let kill = 1; kill <= blows; kill += 1) {
    planHang(scene, () => killing);
    await live(discord, random);
    if (kill === blows) {
      killing = false;
      jimmyAi.misbehaveAtRandom(null);
      await endTrouble();
    }
    await supervisor.stop('SIGKILL');
    supervisor.start({ env: someApi(random) });
  }
  return { blows: { kill: blows }, takeovers: [] };
}

function someApi(random: Random): Record<string, string> {
  return { IMAGE_API: random() < OPENAI_SHARE ? 'openai' : 'jimmyai' };
}

/** The faults end before each process is killed a last time. */
async function strikeSeveral(
  scene: Scene,
  store: PostgresStore,
  endTrouble: () => Promise<void>,
): Promise<Struck> {
  const { jimmyAi, supervisors, random } = scene;
  const counts: Partial<Record<Blow, number>> = {};
  const takeovers = measureTakeovers(store);
  let killing = true;
  await strikeRepeatedly({
    supervisors,
    store,
    takeovers,
    random,
    blows: scene.blows,
    nextEnv: () => someApi(random),
    announce(blow) {
      counts[blow] = (counts[blow] ?? 0) + 1;
      if (blow === 'kill' || blow === 'pause') planHang(scene, () => killing);
    },
  });
  killing = false;
  jimmyAi.misbehaveAtRandom(null);
  await endTrouble();
  for (const supervisor of supervisors) {
    takeovers.follow(supervisor.owner());
    await supervisor.stop('SIGKILL');
    supervisor.start({ env: someApi(random) });
  }
  return { blows: counts, takeovers: await takeovers.done() };
}

/** Loopback answers at once, so a hanging create and tool make sure that the blow hits one of each under way. */
function planHang({ jimmyAi, random }: Scene, asLongAs: () => boolean): void {
  jimmyAi.misbehave({ kind: 'hang', at: 'tool', made: pick(random, [true, false]) }, { asLongAs });
  jimmyAi.misbehave({ kind: 'hang', at: 'create', created: pick(random, [true, false]) }, { asLongAs });
}

/**
 * Waits for the moment of the kill. It counts from readiness, so that a slow machine doesn't make it earlier in the
 * work.
 */
async function live(discord: Discord, random: Random): Promise<void> {
  if (random() < EARLY_DEATHS) return delay(random() * EARLY_LIFE_MS);
  // The previous process's session ends a moment after the process.
  await delay(LOOK_AGAIN_MS);
  await discord.ready();
  await delay(random() * WORKING_LIFE_MS);
}

async function settled(demand: Demand, store: Store): Promise<void> {
  const limit = AbortSignal.timeout(SETTLE_WITHIN_MS);
  while (!limit.aborted) {
    const { unsettled, unfinished } = await store.state();
    if (unsettled + unfinished + demand.open().length === 0) return;
    await delay(LOOK_AGAIN_MS);
  }
}

/** Starts processes with their clocks ahead, which have to delete the expired tokens. */
async function outliveTokens(supervisors: readonly Supervisor[], store: Store): Promise<void> {
  const ahead = `const { now } = Date; Date.now = () => now() + ${AFTER_TOKENS_MS};`;
  await store.ageFiles();
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(ahead)}`];
  for (const supervisor of supervisors) supervisor.start({ nodeArgs });
  const limit = AbortSignal.timeout(SETTLE_WITHIN_MS);
  while (!limit.aborted && (await store.state()).tokens > 0) await delay(LOOK_AGAIN_MS);
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
}

async function evidence(saw: {
  discord: Discord;
  jimmyAi: JimmyAi;
  demand: Demand;
  toolUsers: ToolUsers;
  taskDeadlineMs: number;
}) {
  const { discord, jimmyAi, toolUsers, taskDeadlineMs } = saw;
  const { asked } = saw.demand;
  const messages = discord.messages().filter(({ author }) => author.id === discord.bot.id);
  const images = imagesSeen(jimmyAi);
  const tools = await toolsSeen(jimmyAi, toolUsers.subjectOf);
  const words = wordsSeen(jimmyAi);
  const generations = asked.filter(({ interaction }) => interaction.history.length > 0);
  const sent = [...images.sent, ...tools.sent, ...words.sent];
  const work = [...images.work, ...tools.work, ...words.work];
  const verdict = judge({ asked, messages, sent, work, taskDeadlineMs });
  const subjects = new Set(asked.map(({ subject }) => subject));
  const unasked = sent.filter(({ subject }) => !subjects.has(subject));
  verdict.duplicates.push(
    ...unasked.map(({ subject, path }) => `${subject}: ${path}, which nobody asked for`),
  );
  verdict.untrue.push(...toolUsers.untrue);
  return {
    generations: generations.length,
    unanswered: asked.length - generations.length,
    creates: images.sent.length,
    byOpenAi: images.sent.filter(({ path }) => path.startsWith('/v1/')).length,
    tasks: images.work.length,
    toolRequests: generations.filter(({ subject }) => isOfTool(subject)).length,
    toolCalls: tools.work.length,
    promptsRewritten: words.work.length,
    toolsNotOffered: toolUsers.refused,
    images: messages.reduce((sum, { attachments }) => sum + attachments.length, 0),
    unconfirmed: messages.filter(saysUnconfirmed).length,
    verdict,
  };
}
