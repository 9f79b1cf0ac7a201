import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay } from '../support/generations.ts';

const IN_MEMORY = 4;
const EDIT = { method: 'PATCH', route: '/webhooks/{webhook_id}/{webhook_token}/messages/@original' };

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({
    jimmyAi: { speed: 1 },
    rateLimits: false,
    env: { IMAGES_IN_MEMORY: String(IN_MEMORY), USER_RUNNING: '0', USER_WAITING: '0', CONFIRM_ABOVE: '4' },
  });
});
afterAll(() => on.close());

test('when many finish at once, no more are fetched than may be in memory until one has arrived', async () => {
  const interactions = await underWay('a fox among many', 12);
  const inMemory = { now: 0, most: 0 };
  const fetched = new Set<string>();
  const unsubscribe = on.jimmyAi.on('task', ({ id, downloads }) => {
    if (downloads === 0 || fetched.has(id)) return;
    fetched.add(id);
    inMemory.now += 1;
    inMemory.most = Math.max(inMemory.most, inMemory.now);
  });
  onTestFinished(unsubscribe);
  const unsubscribeToo = on.discord.on('message', ({ attachments }) => {
    if (attachments.length > 0) inMemory.now -= 1;
  });
  onTestFinished(unsubscribeToo);
  onTestFinished(on.discord.faults.rest({ ...EDIT, delayMs: 200, times: 100 }));
  await finishImages(on);
  await Promise.all(interactions.map(image));
  expect(inMemory.most).toBeLessThanOrEqual(IN_MEMORY);
});

test('replies of four images each, together more than may be in memory, all arrive', async () => {
  const prompts = ['four foxes', 'four owls', 'four hares'];
  const interactions = prompts.map((prompt) => imagine(on, prompt, { count: 4 }));
  for (const prompt of prompts) await until(() => createsOf(on.jimmyAi, prompt).length === 4);
  await finishImages(on);
  for (const interaction of interactions) await images(interaction, 4);
});

test('deliveries that fail again and again do not keep others from arriving', async () => {
  const unlucky = await underWay('an unlucky fox', IN_MEMORY);
  const heal = unlucky.map(({ token }) =>
    on.discord.faults.rest({ method: 'PATCH', route: new RegExp(token), status: 503, times: 10_000 }),
  );
  await finishImages(on);
  const lucky = await imagineUnderWay(on, 'a lucky fox');
  await finishImages(on);
  await image(lucky);
  for (const end of heal) end();
  await Promise.all(unlucky.map(image));
});

function underWay(what: string, count: number): Promise<Interaction[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => imagineUnderWay(on, `${what}, number ${index}`)),
  );
}
