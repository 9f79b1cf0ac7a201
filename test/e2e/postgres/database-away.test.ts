import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../../support/bot-on-sandbox.ts';
import { imagine } from '../../support/generations.ts';
import { freePort } from '../../support/metrics.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/postgres.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../../support/tcp-proxy.ts';

/** After this time, everything works as before. */
const WELL_WITHIN_MS = 30_000;

let server: PostgresServer;
let network: TcpProxy;
let on: BotOnSandbox;
let ready: string;
beforeAll(async () => {
  if (postgresMissing !== null) return;
  server = await startPostgres();
  network = await startTcpProxy(Number(new URL(server.url).port));
  const port = await freePort();
  ready = `http://127.0.0.1:${port}/readyz`;
  on = await startBotOnSandbox({
    // An image takes some seconds of real time: the clock of the database is nobody's to move.
    jimmyAi: { speed: 3 },
    env: { DATABASE_URL: throughProxy(server.url, network), HTTP_PORT: String(port) },
  });
});
afterAll(async () => {
  await on?.close();
  await network?.close();
  await server?.remove();
});

const AWAY: [string, { leave(): void | Promise<void>; comeBack(): void | Promise<void> }][] = [
  ['has crashed', { leave: () => server.stop(), comeBack: () => server.start() }],
  ['is refused by the network', { leave: () => network.refuse(), comeBack: () => network.restore() }],
  [
    'is behind a network that swallows packets',
    { leave: () => network.swallow(), comeBack: () => network.restore() },
  ],
];

test.each(AWAY)(
  'while the database %s, requests are refused unpaid, what runs is delivered, and all is well soon after',
  async (how, { leave, comeBack }) => {
    const running = imagine(on, `a fox before it ${how}`);
    await made(`a fox before it ${how}`);
    await leave();
    const refused = imagine(on, `a fox while it ${how}`);
    await reply(refused, /can’t reach its database/);
    await untilReady(503);
    await comeBack();
    const backAt = performance.now();
    await untilReady(200);
    const after = imagine(on, `a fox after it ${how}`);
    await made(`a fox after it ${how}`);
    expect(performance.now() - backAt).toBeLessThan(WELL_WITHIN_MS);
    await Promise.all([running, after].map(image));
    for (const [when, creates] of [
      ['before', 1],
      ['while', 0],
      ['after', 1],
    ] as const)
      expect(createsOf(on.jimmyAi, `a fox ${when} it ${how}`), when).toHaveLength(creates);
  },
);

test('a command that Discord delivers twice, the second time while the database is away, keeps its reply', async () => {
  const interaction = imagine(on, 'a fox twice');
  await made('a fox twice');
  await reply(interaction, /a fox twice/);
  network.refuse();
  on.discord.interact.redeliver(interaction);
  await until(() =>
    on.bot().log.some(({ interaction: id, msg }) => id === interaction.id && /twice/.test(msg)),
  );
  network.restore();
  await image(interaction);
  const shown = interaction.history.map(({ message }) => textOf(message)).join('\n');
  expect(shown).not.toMatch(/can’t reach its database/);
});

test('while the database takes no more connections, a command is told to come again', async () => {
  network.refuse();
  const others = await takeAllConnections();
  network.restore();
  await reply(imagine(on, 'a fox in a crowd'), /can’t reach its database/);
  await Promise.all(others.map((client) => client.end()));
  await image(imagine(on, 'a fox after the crowd'));
});

test.each(['before', 'after'] as const)(
  'a connection that is cut %s the database has a COMMIT costs no image and makes none twice',
  async (when) => {
    network.cutAt('COMMIT', when);
    const interaction = imagine(on, `a fox cut off ${when}`);
    await made(`a fox cut off ${when}`);
    await image(interaction);
    expect(createsOf(on.jimmyAi, `a fox cut off ${when}`)).toHaveLength(1);
  },
);

/** Once the server has noticed that those of the bot have ended. */
async function takeAllConnections(): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
      const ofTheBot = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'imagine-bot'";
      while (clients.length === 1 && (await client.query(ofTheBot)).rows.length > 0) await delay(20);
    } catch {
      return clients;
    }
  }
}

/** Waits until the service makes the image. */
async function made(prompt: string): Promise<void> {
  await until(() => on.jimmyAi.tasks.some(({ request }) => request.prompt === prompt));
}

async function untilReady(status: number): Promise<void> {
  for (;;) {
    const answer = await fetch(ready);
    await answer.text();
    if (answer.status === status) return;
    await delay(100);
  }
}
