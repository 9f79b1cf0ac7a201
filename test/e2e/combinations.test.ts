import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import {
  MODEL_IDS,
  QUALITIES,
  type Quality,
  RATIOS,
  RESOLUTIONS,
  type Resolution,
} from '../../src/services/request/models.ts';
import { type BotOnSandbox, creates, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';

/** As the reference page has them. */
const WIDE = ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'];

/** As many people at a time. */
const AT_ONCE = 24;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1000, pixelScale: 0.03 }, rateLimits: false });
});
afterAll(() => on.close());

test('all combinations of model, ratio, resolution and quality are made or refused as the reference page says', async () => {
  const combinations = MODEL_IDS.flatMap((model) =>
    RATIOS.flatMap((ratio) =>
      RESOLUTIONS.flatMap((resolution) =>
        QUALITIES.map((quality) => ({ model, ratio, resolution, quality })),
      ),
    ),
  );
  expect(combinations).toHaveLength(4 * 16 * 3 * 3);

  const outcomes = [];
  for (const batch of batches(combinations.entries().toArray(), AT_ONCE)) {
    const made = batch.map(async ([index, options]) => {
      const prompt = `combination ${index}`;
      const interaction = on.discord.interact.command({ name: 'imagine', options: { prompt, ...options } });
      return { options, prompt, outcome: await outcomeOf(interaction) };
    });
    outcomes.push(...(await Promise.all(made)));
  }

  const requests = new Map(creates(on.jimmyAi).map((body) => [body.prompt, body]));
  for (const { options, prompt, outcome } of outcomes) {
    const { model, ratio, resolution, quality } = options;
    const refused = model === 'gpt-image-2' && resolution === '4k' && !WIDE.includes(ratio);
    expect(outcome, `${model} ${ratio} ${resolution}`).toBe(refused ? 'refused at once' : 'image');
    expect(requests.get(prompt)).toEqual(
      refused ? undefined : { prompt, ...sent({ model, ratio, resolution, quality }) },
    );
  }
  expect(on.jimmyAi.tasks).toHaveLength(requests.size);
  expect(creates(on.jimmyAi)).toHaveLength(requests.size);
}, 60_000);

test('what a person leaves out goes out as the API’s default', async () => {
  const interaction = on.discord.interact.command({ name: 'imagine', options: { prompt: 'just a fox' } });
  await image(interaction);
  expect(creates(on.jimmyAi).at(-1)).toEqual({
    prompt: 'just a fox',
    model: 'gpt-image-2',
    ratio: 'auto',
    resolution: '1k',
    quality: 'low',
  });
});

function sent({
  quality,
  ...request
}: {
  model: string;
  ratio: string;
  resolution: Resolution;
  quality: Quality;
}) {
  return request.model === 'gpt-image-2' ? { ...request, quality } : request;
}

async function outcomeOf(interaction: Interaction): Promise<string> {
  const { message } = await interaction.response();
  const flags = message?.flags ?? 0;
  if (message && !(flags & MessageFlags.Loading)) {
    const names = WIDE.every((ratio) => textOf(message).includes(ratio));
    return flags & MessageFlags.Ephemeral && names ? 'refused at once' : textOf(message);
  }
  await image(interaction);
  return 'image';
}

function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
