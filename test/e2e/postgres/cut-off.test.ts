import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../../support/bot-on-sandbox.ts';
import { finishImages, imagine } from '../../support/generations.ts';
import { postgresMissing } from '../../support/postgres.ts';
import { serversOnShards } from '../../support/servers-on-shards.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../../support/tcp-proxy.ts';

const PROMPT = 'a fox that one process alone knows of';

let on: BotOnSandbox;
let network: TcpProxy;
beforeAll(async () => {
  if (postgresMissing !== null) return;
  on = await startBotOnSandbox({ jimmyAi: { speed: 0.1 }, sharding: { recommended: 2 }, started: false });
  network = await startTcpProxy(Number(new URL(on.ledger.env.DATABASE_URL ?? '').port));
});
afterAll(async () => {
  await on?.close();
  await network?.close();
});

test('an image whose number only a process knew that was cut off from the database still arrives', async () => {
  const [channel] = serversOnShards(on.discord, 2);
  const url = throughProxy(on.ledger.env.DATABASE_URL ?? '', network);
  await on.start({ SHARDS: '0 of 2', DATABASE_URL: url });
  await on.start({ SHARDS: '1 of 2' });
  // The first answer leaves time to take the network away before the create is sent again.
  const busy = { kind: 'too-many-requests', at: 'create', retryAfterSeconds: 1, form: 'seconds' } as const;
  on.jimmyAi.misbehave(busy);
  const interaction = imagine(on, PROMPT, channel ? { channel } : {});
  await until(() => createsOf(on.jimmyAi, PROMPT).length === 1);
  network.swallow();
  await reply(interaction, /may or may not have been charged/);
  expect(on.jimmyAi.tasks).toHaveLength(1);
  network.restore();
  await reply(interaction, /started|expected|%/);
  await finishImages(on);
  await finishImages(on);
  await image(interaction);
  expect(on.jimmyAi.tasks).toHaveLength(1);
});
