import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import { MODEL_IDS, QUALITIES } from '../../src/services/request/models.ts';
import { type BotOnSandbox, creates, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { bodyByPage, type Combination, combinationsOf } from '../support/model-pages.ts';

/** The number of people at a time. */
const AT_ONCE = 24;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1000, pixelScale: 0.03 }, rateLimits: false });
});
afterAll(() => on.close());

test('each model’s ratios, resolutions and qualities are sent as on its page, and nothing else is', async () => {
  const outcomes = [];
  for (const batch of batches(combinationsToTry(), AT_ONCE)) {
    const made = batch.map(async (combination) => {
      const prompt = JSON.stringify(combination);
      const { quality, ...options } = combination;
      const interaction = on.discord.interact.command({
        name: 'imagine',
        options: { prompt, ...options, ...(quality && { quality }) },
      });
      return { combination, prompt, outcome: await outcomeOf(interaction) };
    });
    outcomes.push(...(await Promise.all(made)));
  }

  const requests = new Map(creates(on.jimmyAi).map((body) => [body.prompt, body]));
  for (const { combination, prompt, outcome } of outcomes) {
    const body = bodyByPage(combination);
    expect(outcome, prompt).toBe(body ? 'image' : 'refused at once');
    expect(requests.get(prompt)).toEqual(body ? { ...body, prompt } : undefined);
  }
  expect(on.jimmyAi.tasks).toHaveLength(requests.size);
  expect(creates(on.jimmyAi)).toHaveLength(requests.size);
});

/** Every shape of every model, each with another quality, and two of each model that it doesn't make. */
function combinationsToTry(): Combination[] {
  const qualities = [null, ...QUALITIES];
  return MODEL_IDS.flatMap((model) => {
    const all = combinationsOf(model);
    const made = all.filter(
      (combination, index) => bodyByPage(combination) && combination.quality === qualityOf(index),
    );
    return [...made, ...all.filter((combination) => !bodyByPage(combination)).slice(0, 2)];
  });

  function qualityOf(index: number) {
    const shape = Math.floor(index / qualities.length);
    return qualities[shape % qualities.length];
  }
}

test('options that a person leaves out are sent as the API’s defaults', async () => {
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

async function outcomeOf(interaction: Interaction): Promise<string> {
  const { message } = await interaction.response();
  const flags = message?.flags ?? 0;
  if (message && !(flags & MessageFlags.Loading)) {
    return flags & MessageFlags.Ephemeral ? 'refused at once' : textOf(message);
  }
  await image(interaction);
  return 'image';
}

function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
