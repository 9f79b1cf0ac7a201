import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentFor } from '../../../sandbox/bot.ts';
import { createClock } from '../../../sandbox/clock.ts';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { type JimmyAi, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { seededRandom } from '../../../sandbox/jimmyai/random.ts';
import { until } from '../../support/bot-on-sandbox.ts';
import { postgresMissing } from '../../support/postgres.ts';
import { serversOnShards } from '../../support/servers-on-shards.ts';
import { type AskedOnShard, keepAsking } from '../demand.ts';
import { judge } from '../judge.ts';
import { createPostgresStore, type PostgresStore } from '../postgres-store.ts';
import { imagesSeen } from '../seen-by-service.ts';
import { createSupervisor, type Supervisor } from '../supervisor.ts';

const PROCESSES = 2;
/** People ask for so long before, between and after the restarts. */
const IN_PEACE_MS = 3000;
/** How long a finished image takes to be seen, fetched and shown on a busy machine. */
const USUAL_DELIVERY_MS = 5000;
const TASK_DEADLINE_MS = 60_000;

/** While a process is down, nobody hears the clicks in the servers of its shard. */
interface Gap {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
}

let discord: Discord;
let jimmyAi: JimmyAi;
let store: PostgresStore;
let supervisors: Supervisor[];
const ready = new Set<number>();
beforeAll(async () => {
  if (postgresMissing !== null) return;
  const clock = createClock();
  discord = await startDiscord({ clock, rateLimits: false });
  discord.on('session', ({ shard, state }) => {
    if (state === 'ready') ready.add(shard);
  });
  jimmyAi = await startJimmyAi({ clock, speed: 4, pixelScale: 0.1 });
  store = await createPostgresStore(PROCESSES);
  supervisors = Array.from({ length: PROCESSES }, (_, process) =>
    createSupervisor(
      {
        ...environmentFor(discord, jimmyAi, ''),
        ...store.env(process),
        SHARDS: `${process} of ${PROCESSES}`,
        TASK_DEADLINE_SECONDS: String(TASK_DEADLINE_MS / 1000),
        POLL_MIN_SECONDS: '0.2',
        POLL_MAX_SECONDS: '1',
        CONFIRM_ABOVE: '4',
        USER_RUNNING: '0',
        USER_WAITING: '0',
      },
      [],
    ),
  );
});
afterAll(async () => {
  await Promise.all(supervisors?.map((supervisor) => supervisor.stop('SIGKILL')) ?? []);
  await Promise.all([discord?.close(), jimmyAi?.close()]);
  await store?.remove();
});

test('a rolling restart loses no click that the other process hears, and makes no image later than it takes', async () => {
  const places = serversOnShards(discord, PROCESSES).map((channel, shard) => ({ channel, shard }));
  for (const supervisor of supervisors) supervisor.start();
  await until(() => ready.size === PROCESSES);
  const demand = keepAsking({ discord, places, inFlight: 12, random: seededRandom(5) });
  const gaps: Gap[] = [];
  for (const [shard, supervisor] of supervisors.entries()) {
    await delay(IN_PEACE_MS);
    ready.delete(shard);
    const from = discord.clock.now();
    await supervisor.stop('SIGTERM');
    supervisor.start();
    await until(() => ready.has(shard));
    gaps.push({ shard, from, to: discord.clock.now() });
  }
  await delay(IN_PEACE_MS);
  await demand.stop();
  await until(() => demand.open().length === 0);

  const { asked } = demand;
  const messages = discord.messages().filter(({ author }) => author.id === discord.bot.id);
  const verdict = judge({ asked, messages, ...imagesSeen(jimmyAi), taskDeadlineMs: TASK_DEADLINE_MS });
  expect(Object.values(verdict).flat()).toEqual([]);
  const heard = asked.filter((each) => !gaps.some((gap) => isIn(gap, each)));
  expect(heard.length).toBeGreaterThan(asked.length / 2);
  expect(heard.filter((each) => shownAt(each) === undefined).map(({ subject }) => subject)).toEqual([]);
  const restartMs = Math.max(...gaps.map(({ from, to }) => to - from));
  expect(Math.max(...asked.map(latenessOf))).toBeLessThan(restartMs + USUAL_DELIVERY_MS);
  expect(supervisors.flatMap(({ exits }) => exits)).toEqual([]);
});

function isIn({ shard, from, to }: Gap, asked: AskedOnShard): boolean {
  const at = asked.interaction.createdAt;
  return asked.shard === shard && at >= from && at <= to;
}

/** The moment at which the reply had all its images. */
function shownAt({ interaction, count }: AskedOnShard): number | undefined {
  return interaction.history.find(({ message }) => message.attachments.length === count)?.at;
}

/** The time from the end of the last image at the service until all are shown; 0 where none were. */
function latenessOf(asked: AskedOnShard): number {
  const ends = jimmyAi.tasks
    .filter(({ request }) => request.prompt === asked.subject)
    .map(({ endsAt }) => endsAt);
  const at = shownAt(asked);
  return at === undefined ? 0 : at - Math.max(...ends);
}
