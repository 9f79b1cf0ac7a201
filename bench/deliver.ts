import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Discord, startDiscord } from '../sandbox/discord/index.ts';
import type { Delivery, Errand } from './bare-delivery.ts';
import { startBenchBot } from './bot.ts';
import { type Figure, type Suite, written } from './figure.ts';
import { picture } from './pictures.ts';
import { startService } from './service.ts';
import { median, spreadOf } from './statistics.ts';
import { deferReply, registerCommand } from './tasks-in-flight.ts';

const RUNS = 5;
const DELIVERIES = 8;
const SIZES_MB = [1, 9] as const;
const GOAL = 1;
/** Queries of a task before it is done: its reply shows progress until then. */
const QUERIES = 3;
/** The `schedule` suite measures when to ask, so here the bot asks often. */
const ASK_OFTEN = { POLL_MIN_SECONDS: '0.2', POLL_MAX_SECONDS: '0.5' };
const IMAGE_PATH = '/image.png';
const BARE_DELIVERY = fileURLToPath(new URL('./bare-delivery.ts', import.meta.url));

/**
 * Medians of one run, in milliseconds, from the moment when the bot knows that the image is done until Discord has it.
 */
export interface Delivered {
  readonly oursMs: number;
  readonly bareMs: number;
}

export const deliver: Suite = {
  name: 'deliver',
  about: `from "completed" to the accepted edit, ${DELIVERIES} images in each of ${RUNS} runs; baseline: a bare undici download, then upload, in the same run`,
  async run() {
    const figures: Figure[] = [];
    for (const megabytes of SIZES_MB) {
      const image = await picture(megabytes * 1_000_000);
      const runs: Delivered[] = [];
      while (runs.length < RUNS) {
        runs.push(await measureDeliver({ tasksInFlight: 0, image }));
        console.error(`  ${megabytes} MB, run ${runs.length}: ${JSON.stringify(runs.at(-1))}`);
      }
      figures.push(figureOf(megabytes, runs));
    }
    return figures;
  },
};

/** One run on the real bot, which watches this many other tasks, with the bare delivery for comparison. */
export async function measureDeliver({
  tasksInFlight,
  image,
}: {
  tasksInFlight: number;
  image: Buffer;
}): Promise<Delivered> {
  const queries = new Map<string, number>();
  let doneAt = 0;
  const service = await startService({
    files: new Map([[IMAGE_PATH, image]]),
    reportOf(taskId) {
      const times = (queries.get(taskId) ?? 0) + 1;
      queries.set(taskId, times);
      const isDone = taskId.startsWith('created') && times >= QUERIES;
      if (!isDone) return { status: 'processing', progress: times % 100 };
      doneAt = performance.now();
      return { status: 'completed', progress: 100, result: { image_url: `${service.baseUrl}${IMAGE_PATH}` } };
    },
  });
  const bare = fork(BARE_DELIVERY, { execArgv: [] });
  try {
    const discord = await startDiscord();
    await registerCommand(discord);
    const replies = await Promise.all(Array.from({ length: DELIVERIES + 1 }, () => deferReply(discord)));
    await using on = await startBenchBot({ service, tasksInFlight, discord, env: ASK_OFTEN });
    const ours: number[] = [];
    const theirs: number[] = [];
    // The first delivery of each warms up.
    for (const { applicationId, token } of replies) {
      const accepted = nextAccepted(discord);
      on.discord.interact.command({ name: 'imagine', options: { prompt: 'a fox' } });
      ours.push((await accepted) - doneAt);

      const replyUrl = `${discord.apiUrl}/v10/webhooks/${applicationId}/${token}/messages/@original`;
      const bareAccepted = nextAccepted(discord);
      const bareDelivered = once(bare, 'message');
      bare.send({ imageUrl: `${service.baseUrl}${IMAGE_PATH}`, replyUrl } satisfies Errand);
      const [{ startedAt }] = (await bareDelivered) as [Delivery];
      theirs.push(performance.timeOrigin + (await bareAccepted) - startedAt);
    }
    return { oursMs: median(ours.slice(1)), bareMs: median(theirs.slice(1)) };
  } finally {
    bare.kill();
    await once(bare, 'exit');
    await service.close();
  }
}

/** When Discord accepts the next edit with a file. */
function nextAccepted(discord: Discord): Promise<number> {
  return new Promise((resolve) => {
    const stop = discord.on('request', ({ method, files, status }) => {
      if (method !== 'PATCH' || files.length === 0 || status !== 200) return;
      stop();
      resolve(performance.now());
    });
  });
}

function figureOf(megabytes: number, runs: readonly Delivered[]): Figure {
  const ratio = spreadOf(runs.map(({ oursMs, bareMs }) => oursMs / bareMs));
  return {
    figure: `Delivery of ${megabytes} MB`,
    ours: written(spreadOf(runs.map(({ oursMs }) => oursMs)), 'ms', 0),
    baseline: written(spreadOf(runs.map(({ bareMs }) => bareMs)), 'ms', 0),
    ratio: written(ratio, ''),
    goal: `≤ ${GOAL}`,
    met: ratio.median <= GOAL,
  };
}
