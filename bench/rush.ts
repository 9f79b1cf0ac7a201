import { setTimeout as delay } from 'node:timers/promises';
import { startBenchBot, until } from './bot.ts';
import { forgetHighest, residentMb } from './processes.ts';
import { startService } from './service.ts';

const IMAGE_PATH = '/files/fox.png';

/** The memory for many images that finish at once. */
export interface Rush {
  /** The peak of resident memory, in MB above the level before. */
  readonly peakMb: number;
  /** The size of all images together. */
  readonly imagesMb: number;
}

/** Lets this many tasks end in the same moment, and waits until each image has arrived. */
export async function measureRush(count: number, image: Buffer): Promise<Rush> {
  let isDone = false;
  const service = await startService({
    reportOf: () =>
      isDone
        ? { status: 'completed', result: { image_url: `${service.baseUrl}${IMAGE_PATH}` } }
        : { status: 'processing', progress: 50 },
    files: new Map([[IMAGE_PATH, image]]),
  });
  try {
    await using on = await startBenchBot({ service, tasksInFlight: count });
    const { discord, bot } = on;
    let arrived = 0;
    discord.on('message', ({ attachments }) => {
      arrived += attachments.length;
    });
    await delay(1000);
    const before = residentMb(bot.process);
    forgetHighest(bot.process);
    isDone = true;
    await until(() => arrived === count);
    return {
      peakMb: residentMb(bot.process, 'VmHWM') - before,
      imagesMb: (count * image.length) / 1024 ** 2,
    };
  } finally {
    await service.close();
  }
}
