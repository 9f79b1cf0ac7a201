import { startBenchBot } from './bot.ts';
import { picture } from './pictures.ts';
import { residentMb } from './processes.ts';
import { startService } from './service.ts';
import { median } from './statistics.ts';

const IMAGE_PATH = '/files/fox.png';
const IMAGE_BYTES = 12_000;
/** The number of generations that people keep in flight. */
const IN_FLIGHT = 100;
const SAMPLE_EVERY = 200;

/** The median resident memory, in MB, in each window of generations that one bot served from click to image. */
export async function measureGenerations({
  generations,
  window,
}: {
  generations: number;
  window: number;
}): Promise<number[]> {
  const service = await startService({
    reportOf: () => ({ status: 'completed', result: { image_url: `${service.baseUrl}${IMAGE_PATH}` } }),
    files: new Map([[IMAGE_PATH, await picture(IMAGE_BYTES)]]),
  });
  try {
    await using on = await startBenchBot({ service, tasksInFlight: 0, env: { POLL_MIN_SECONDS: '0.5' } });
    const { discord, bot } = on;
    const samples: number[] = [];
    let asked = 0;
    let delivered = 0;
    const done = Promise.withResolvers<void>();
    const ask = () => {
      asked += 1;
      discord.interact.command({ name: 'imagine', options: { prompt: `a fox, number ${asked}` } });
    };
    const stop = discord.on('message', ({ attachments, author }) => {
      if (author.id !== discord.bot.id || attachments.length === 0) return;
      delivered += 1;
      if (delivered % SAMPLE_EVERY === 0) samples.push(residentMb(bot.process));
      if (delivered % 1000 === 0)
        console.error(`  ${delivered} generations, ${samples.at(-1)?.toFixed(0)} MB`);
      if (delivered === generations) done.resolve();
      else if (asked < generations) ask();
    });
    void bot.ended.then((how) =>
      done.reject(new Error(`the bot has ended (${how}): ${bot.errors.join('\n')}`)),
    );
    for (let index = 0; index < IN_FLIGHT; index += 1) ask();
    await done.promise;
    stop();
    const perWindow = window / SAMPLE_EVERY;
    return Array.from({ length: generations / window }, (_, index) =>
      median(samples.slice(index * perWindow, (index + 1) * perWindow)),
    );
  } finally {
    await service.close();
  }
}
