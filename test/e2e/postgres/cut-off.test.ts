import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bot } from '../../../sandbox/bot.ts';
import type { Channel, Interaction } from '../../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../../support/bot-on-sandbox.ts';
import { finishImages, imagine } from '../../support/generations.ts';
import { postgresMissing } from '../../support/postgres.ts';
import { serversOnShards } from '../../support/servers-on-shards.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../../support/tcp-proxy.ts';

const LEFT = 'another process may serve the generation by now';

let on: BotOnSandbox;
/** The process whose network is taken away. */
let first: Bot;
let network: TcpProxy;
let channel: Channel;
beforeAll(async () => {
  if (postgresMissing !== null) return;
  on = await startBotOnSandbox({ jimmyAi: { speed: 0.1 }, sharding: { recommended: 2 }, started: false });
  const url = on.ledger.env.DATABASE_URL ?? '';
  network = await startTcpProxy(Number(new URL(url).port));
  [channel] = serversOnShards(on.discord, 2) as [Channel, Channel];
  first = await on.start({ SHARDS: '0 of 2', DATABASE_URL: throughProxy(url, network) });
  await on.start({ SHARDS: '1 of 2' });
});
afterAll(async () => {
  await on?.close();
  await network?.close();
});

test('an image whose number only a process knew that was cut off arrives, though another process took it over', async () => {
  const interaction = await cutOffDuring('a fox that one process knows of');
  await reply(interaction, /may or may not have been charged/);
  network.restore();
  await reply(interaction, /started|expected|%/);
  await arrives(interaction, 'a fox that one process knows of');
});

test('where no other process took it over, nothing was ever in doubt', async () => {
  await on.bot().stop('SIGKILL');
  const interaction = await cutOffDuring('a fox that nobody else knows of');
  await until(() => first.log.filter(({ msg }) => msg === LEFT).length === 2);
  network.restore();
  await arrives(interaction, 'a fox that nobody else knows of');
  const shown = interaction.history.map(({ message }) => textOf(message)).join('\n');
  expect(shown).not.toMatch(/may or may not/);
});

/** Takes the network away from the process that has just sent the create, before it has the answer. */
async function cutOffDuring(prompt: string): Promise<Interaction> {
  // The first answer leaves time to do so before the create is sent again.
  on.jimmyAi.misbehave({
    kind: 'too-many-requests',
    at: 'create',
    retryAfterSeconds: 1,
    form: 'seconds',
  });
  const interaction = imagine(on, prompt, { channel });
  await until(() => createsOf(on.jimmyAi, prompt).length === 1);
  network.swallow();
  await until(() => tasksOf(prompt).length === 1);
  return interaction;
}

async function arrives(interaction: Interaction, prompt: string): Promise<void> {
  await finishImages(on);
  await finishImages(on);
  await image(interaction);
  expect(tasksOf(prompt)).toHaveLength(1);
}

function tasksOf(prompt: string) {
  return on.jimmyAi.tasks.filter(({ request }) => request.prompt === prompt);
}
