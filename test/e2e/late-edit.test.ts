import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';

/** Longer than the slow image takes, and shorter than a token lives. */
const LONG_ENOUGH_MS = 10 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
});
afterAll(() => on.close());

test('the image waits for no edit under way, and one that comes late does not have the last word, even where Discord fails for a moment', async () => {
  const interaction = await imagineUnderWay(on, 'a fox');
  const underWay = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const hold = () => {
    underWay.resolve();
    return released;
  };
  on.discord.faults.rest({ method: 'PATCH', route: /original$/, until: hold });
  await underWay.promise;
  await finishImages(on);
  const message = await image(interaction);
  const lastWord = textOf(message);
  release();
  await reply(interaction, /started|Sending|on its way/);
  // discord.js sends it four times before it gives up.
  on.discord.faults.rest({ method: 'PATCH', route: /original$/, status: 503, times: 4 });
  await until(() => textOf(interaction.message() ?? message) === lastWord);
  await until(() => stored(on.databasePath, 'a fox')?.settledAt);
  expect(interaction.message()?.attachments).toHaveLength(1);
});

test('an image that is being uploaded when the last one finishes is uploaded once', async () => {
  on.jimmyAi.misbehave({ kind: 'slow', factor: 20 });
  const interaction = imagine(on, 'two foxes', { count: 2 });
  await until(() => createsOf(on.jimmyAi, 'two foxes').length === 2);
  const underWay = Promise.withResolvers<void>();
  const lastFetched = Promise.withResolvers<void>();
  const fetched = new Set<string>();
  const unsubscribe = on.jimmyAi.on('task', ({ id, downloads }) => {
    if (downloads === 0 || fetched.has(id)) return;
    fetched.add(id);
    if (fetched.size === 2) return lastFetched.resolve();
    const hold = () => {
      underWay.resolve();
      return lastFetched.promise.then(() => delay(1500));
    };
    on.discord.faults.rest({ method: 'PATCH', route: /original$/, until: hold });
  });
  onTestFinished(unsubscribe);
  await finishImages(on);
  await underWay.promise;
  await on.advance(LONG_ENOUGH_MS);
  await images(interaction, 2);
  await until(() => stored(on.databasePath, 'two foxes')?.settledAt);
  const uploads = on.discord.requests.flatMap(({ files }) => files);
  expect(uploads.filter(({ name }) => name.startsWith('two-foxes'))).toHaveLength(2);
});
