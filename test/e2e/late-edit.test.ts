import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { image, images, reply, startBotOnSandbox, textOf, until } from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';

/** Longer than the slow image takes, and shorter than a token lives. */
const LONG_ENOUGH_MS = 10 * 60_000;

test('the image waits for no edit under way, and one that comes late does not have the last word, even where Discord fails for a moment', async () => {
  const on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
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
  await on.close();
});

test('an image that is being uploaded when the last one finishes is uploaded once', async () => {
  const on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
  on.jimmyAi.misbehave({ kind: 'slow', factor: 20 });
  const interaction = imagine(on, 'two foxes', { count: 2 });
  await until(() => on.jimmyAi.tasks.length === 2);
  const underWay = Promise.withResolvers<void>();
  const lastFetched = Promise.withResolvers<void>();
  const fetched = new Set<string>();
  on.jimmyAi.on('task', ({ id, downloads }) => {
    if (downloads === 0 || fetched.has(id)) return;
    fetched.add(id);
    if (fetched.size === 2) return lastFetched.resolve();
    const hold = () => {
      underWay.resolve();
      return lastFetched.promise.then(() => delay(1500));
    };
    on.discord.faults.rest({ method: 'PATCH', route: /original$/, until: hold });
  });
  await finishImages(on);
  await underWay.promise;
  await on.advance(LONG_ENOUGH_MS);
  await images(interaction, 2);
  await until(() => stored(on.databasePath, 'two foxes')?.settledAt);
  expect(on.discord.requests.flatMap(({ files }) => files)).toHaveLength(2);
  await on.close();
});
