import { expect, test } from 'vitest';
import { image, reply, startBotOnSandbox, textOf, until } from '../support/bot-on-sandbox.ts';
import { finishImages, imagineUnderWay, stored } from '../support/generations.ts';

test('the image waits for no edit under way, and one that comes late does not have the last word', async () => {
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
  await reply(interaction, /started|Waiting|on its way/);
  await until(() => textOf(interaction.message() ?? message) === lastWord);
  await until(() => stored(on.databasePath, 'a fox')?.settledAt);
  expect(interaction.message()?.attachments).toHaveLength(1);
  await on.close();
});
