import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentFor, startBot } from '../../sandbox/bot.ts';
import { type BotOnSandbox, image, reply, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay, restart, stored } from '../support/generations.ts';
import { freePort, metricNames, scrape } from '../support/metrics.ts';

let on: BotOnSandbox;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  on = await startBotOnSandbox({
    jimmyAi: { speed: 1 },
    env: { HTTP_PORT: String(port), USER_RUNNING: '2' },
  });
});
afterAll(() => on.close());

test('/metrics tells of an image from the click to its delivery', async () => {
  const before = await scrape(on, url);
  const interaction = await imagineUnderWay(on, 'a counted fox');
  const during = await scrape(on, url);
  expect(during('imagine_tasks{state="running",model="nano-banana"}')).toBe(1);
  await finishImages(on);
  await image(interaction);
  // Counted a moment after it is written.
  await untilSettled(interaction.id);

  const after = await scrape(on, url);
  const grown = (series: string) => after(series) - before(series);
  expect(grown('imagine_interactions_total{kind="command",name="imagine",outcome="handled"}')).toBe(1);
  expect(grown('imagine_acknowledgement_seconds_count')).toBe(1);
  expect(grown('imagine_tasks_ended_total{model="nano-banana",outcome="delivered"}')).toBe(1);
  expect(grown('imagine_service_seconds_count{model="nano-banana"}')).toBe(1);
  expect(grown('imagine_unseen_seconds_count')).toBe(1);
  expect(grown('imagine_delivery_seconds_count')).toBe(1);
  expect(grown('imagine_service_calls_total{call="create",outcome="ok"}')).toBe(1);
  expect(grown('imagine_service_calls_total{call="query",outcome="ok"}')).toBeGreaterThan(0);
  expect(grown('imagine_discord_requests_total{status="200"}')).toBeGreaterThan(0);
  expect(after('imagine_account_spendable_coins')).toBeGreaterThan(9000);
  expect(after('imagine_account_warning{kind="key-refused"}')).toBe(0);
  expect(after('imagine_ready')).toBe(1);
  expect(after('imagine_queue_length')).toBe(0);
  expect(after('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  expect(after('process_resident_memory_bytes')).toBeGreaterThan(0);
});

test('requests that wait for their turn count as the queue', async () => {
  const prompts = [1, 2, 3].map((number) => `a patient fox ${number}`);
  const inState = (state: string) =>
    prompts.filter((prompt) => stored(on.databasePath, prompt)?.state === state).length;
  for (const prompt of prompts) imagine(on, prompt);
  await until(() => inState('running') === 2 && inState('reserved') === 1);
  expect((await scrape(on, url))('imagine_queue_length')).toBe(1);
  await finishImages(on);
  await until(() => inState('delivered') === 2 && inState('running') === 1);
  expect((await scrape(on, url))('imagine_queue_length')).toBe(0);
  await finishImages(on);
  await until(() => inState('delivered') === 3);
});

test('429s of both sides and retries are counted', async () => {
  const before = await scrape(on, url);
  const ends: (() => void)[] = [];
  ends.push(on.discord.faults.rest({ status: 429, retryAfter: 0.1, method: 'PATCH', times: 1 }));
  on.jimmyAi.misbehave({ kind: 'too-many-requests', at: 'query', retryAfterSeconds: 1, form: 'seconds' });
  const hurried = imagine(on, 'a hurried fox');
  await until(() => stored(on.databasePath, 'a hurried fox')?.state === 'running');
  on.jimmyAi.misbehave({ kind: 'unavailable', at: 'query' });
  const tried = imagine(on, 'a tried fox');
  await until(() => stored(on.databasePath, 'a tried fox')?.state === 'running');
  await finishImages(on);
  await Promise.all([hurried, tried].map(image));
  for (const end of ends) end();
  const after = await scrape(on, url);
  const grown = (series: string) => after(series) - before(series);
  expect(grown('imagine_discord_requests_total{status="429"}')).toBe(1);
  expect(grown('imagine_service_calls_total{call="query",outcome="rate-limited"}')).toBe(1);
  expect(grown('imagine_service_retries_total{call="query"}')).toBe(1);
});

test.each(['grafana-dashboard.json', 'alerts.yml'])(
  'every metric that deploy/%s names is there',
  async (file) => {
    const text = readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');
    const named = new Set(
      expressionsIn(text).flatMap((expression) => expression.match(/\b[a-z]+(_[a-z0-9]+)+\b(?=[{[) ]|$)/g)),
    );
    const known = await metricNames(url);
    const missing = [...named].filter((name) => name && !FUNCTIONS.has(name) && !known.has(name));
    expect(named.size).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  },
);

test('the dashboard shows everything that the bot counts', async () => {
  const text = readFileSync(new URL('../../deploy/grafana-dashboard.json', import.meta.url), 'utf8');
  const counted = [...(await metricNames(url))].filter((name) =>
    /^imagine_(?!.*_(bucket|sum|count)$)/.test(name),
  );
  expect(counted.length).toBeGreaterThan(10);
  expect(counted.filter((name) => !text.includes(name))).toEqual([]);
});

test('no label holds a word or an id of a person, whatever they press', async () => {
  const { alice } = on.discord.people;
  const message = await reply(imagine(on, 'a secret fox'), /secret/);
  await finishImages(on);
  await on.advance(1000);
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(message).toBeDefined();
  for (const secret of ['secret fox', alice.id, alice.username, on.discord.token]) {
    expect(text).not.toContain(secret);
  }
});

test('/readyz is 503 with the reason while the gateway is away, and /healthz stays 200', async () => {
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  // discord.js is soon back: its connection is cut until a look falls in between.
  const answer = await untilStatus('/readyz', 503, () => on.discord.faults.dropGateway());
  expect(await answer.json()).toEqual({
    ready: false,
    problems: [expect.stringMatching(/^shard 0 of the gateway is not ready/)],
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await untilStatus('/readyz', 200);
});

test('one id leads through the log from the click to the delivery, also after a restart', async () => {
  const interaction = await imagineUnderWay(on, 'a traced fox');
  const first = on.bot();
  await restart(on);
  await finishImages(on);
  await image(interaction);
  await untilSettled(interaction.id);
  const said = [first, on.bot()].map(({ log }) =>
    log.filter((line) => JSON.stringify(line).includes(interaction.id)).map(({ msg }) => msg),
  );
  expect(said[0]).toEqual(
    expect.arrayContaining([
      'an interaction came in',
      'the image service was called',
      'the service accepted the task',
    ]),
  );
  expect(said[1]).toEqual(
    expect.arrayContaining([
      'the image service was called',
      'the image is ready',
      'the generation is settled',
    ]),
  );
});

test('a port that is taken stops the start with one readable line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const env = environmentFor(on.discord, on.jimmyAi, `${on.databasePath}-other`);
  const bot = startBot({ env: { ...env, HTTP_PORT: String(port) } });
  expect(await bot.ended).toBe(1);
  expect(bot.errors).toEqual([
    `The bot cannot start: HTTP_PORT ${port} on 127.0.0.1 is taken by another process: stop that one, or choose another port.`,
  ]);
  other.close();
});

/** Until the bot has settled, and counted, what this interaction began. */
async function untilSettled(id: string): Promise<void> {
  await until(() =>
    on.bot().log.some(({ msg, interaction }) => interaction === id && msg === 'the generation is settled'),
  );
}

/** Prometheus' own, of those that are used. */
const FUNCTIONS = new Set(['histogram_quantile', 'label_values']);

/** The PromQL of a dashboard or of alerting rules. */
function expressionsIn(text: string): string[] {
  return [...text.matchAll(/^\s*"?(?:expr|query)"?: (.+?),?$/gm)].map(([, expression = '']) =>
    expression.replaceAll('\\"', '"'),
  );
}

async function untilStatus(path: string, status: number, before?: () => void): Promise<Response> {
  for (;;) {
    before?.();
    const answer = await fetch(`${url}${path}`);
    if (answer.status === status) return answer;
    await answer.text();
  }
}
