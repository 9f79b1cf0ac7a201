import { dispatchInteractions, kindsOf } from './commands/dispatch.ts';
import { renderGeneration, renderNotice } from './commands/generation.view.ts';
import { createHandlers } from './commands/index.ts';
import { tellingOwner } from './commands/owner-news.ts';
import { keepRegistered } from './commands/register.ts';
import { watchAccount } from './services/account/index.ts';
import { createPrices } from './services/account/prices.ts';
import { createSemaphore } from './services/concurrency/semaphore.ts';
import { createTurns } from './services/concurrency/turns.ts';
import { type Config, loadConfig } from './services/config.ts';
import { connect, createDiscordClient, disconnect, logIn, onceLost } from './services/discord/client.ts';
import { announceExposure } from './services/discord/exposure.ts';
import { countInvalidAnswers } from './services/discord/invalid-answers.ts';
import { createNotices } from './services/discord/notices.ts';
import { createOwners } from './services/discord/owners.ts';
import { createReplies } from './services/discord/replies.ts';
import { watchToken } from './services/discord/token-watch.ts';
import type { JobState, LiveTask } from './services/generations/job.ts';
import { createWorker } from './services/generations/worker.ts';
import { createImageApi } from './services/image-api.ts';
import { letDecodersGiveWay } from './services/images/decoder-priority.ts';
import { decodeNothingElse } from './services/images/decoding.ts';
import { createFetcher } from './services/images/fetch.ts';
import { createOutlived } from './services/images/lifetime.ts';
import { createMemoryBudget } from './services/images/memory-budget.ts';
import { createLedgerTrouble } from './services/ledger/trouble.ts';
import { createLogger } from './services/log.ts';
import { createMetrics, observeDiscord, startMonitoring } from './services/monitoring/index.ts';
import { createSchedule } from './services/polling/index.ts';
import { createAllowances } from './services/process/allowances.ts';
import { startHousekeeping, sweepFiles } from './services/process/housekeeping.ts';
import { onTermination } from './services/process/lifecycle.ts';
import { collectSooner } from './services/process/memory.ts';
import { warnOfOpenSecrets, writeForOwnerOnly } from './services/process/private-files.ts';
import { announceStart, explainStartProblem } from './services/process/start.ts';
import { openStorage } from './services/process/storage.ts';
import { discordAgent } from './services/proxy/discord-agent.ts';
import { startGatewayRelay } from './services/proxy/gateway-relay.ts';
import { createTunnels } from './services/proxy/tunnels.ts';
import { createRateLimiter } from './services/reporting/rate-limiter.ts';
import { createScheduler } from './services/scheduler/scheduler.ts';

const STOP_WITHIN_MS = 4000;
const WORKER_GRACE_MS = 3000;
/** Few replies are edited at their own pace; with thousands, this limit spares Discord and this machine. */
const PROGRESS_EDITS_PER_SECOND = 50;
/** The most uploads of references to the service at once, in total and for one person (the most of one request). */
const UPLOADS_AT_ONCE = { all: 8, person: 4 };
/** Each holds an image and a ZIP in memory, so few favourites are packed at once. */
const PACKED_AT_ONCE = { all: 2, person: 1 };

writeForOwnerOnly();
try {
  await start(loadConfig(process.env));
} catch (error) {
  console.error(explainStartProblem(error));
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  collectSooner();
  const now = Date.now;
  const elapsed = () => performance.now();
  const { imageApi } = config;
  const log = createLogger({ level: config.logLevel, secrets: config.secrets });
  decodeNothingElse();
  const { ledger, files } = await openStorage({ ...config, now, log });
  warnOfOpenSecrets('.env', log);
  const tunnels = config.proxyFor && createTunnels({ proxyFor: config.proxyFor, log });
  const { service, ...told } = createImageApi(config, tunnels);
  const fetcher = createFetcher({
    discordApiUrl: config.discordApiUrl,
    serviceBaseUrl: imageApi.baseUrl,
    tunnels,
  });
  const invalid = countInvalidAnswers({ log, elapsed });
  const client = createDiscordClient({
    apiUrl: config.discordApiUrl,
    shards: config.shards,
    restPerSecond: config.restPerSecond,
    log,
    invalid,
    ...(tunnels && { agent: discordAgent(tunnels), relay: await startGatewayRelay(tunnels) }),
  });
  const handlers = createHandlers(config.models, config.tools);
  const metrics = createMetrics(kindsOf(handlers));
  service.onAttempt(metrics.serviceAnswered);
  observeDiscord(client.rest, metrics);
  const replies = createReplies({ client, now, elapsed, mayLookUp: invalid.leaveRoom });
  const notices = createNotices({ client, now });
  const { taskDeadlineMs, pollMinMs, pollMaxMs } = config;
  const { durations } = ledger;
  const schedule = createSchedule({
    earlier: await durations.all(),
    durations,
    pollMinMs,
    pollMaxMs,
    elapsed,
  });
  const render = (state: JobState, at: number) => renderGeneration(state, at, config.tools);
  const views = { render, renderNotice };
  const outside = { ledger, service, fetcher, files, replies, notices };
  const owners = createOwners(client);
  const account = await watchAccount({
    service: told.account,
    tellsBalance: told.tellsBalance,
    ledger,
    tellOwner: tellingOwner({ owners, ledger }),
    balanceWarning: config.balanceWarning,
    looksOften: config.http !== null,
    elapsed,
    log,
  });
  const prices = await createPrices({
    service: told.catalog,
    ledger: ledger.prices,
    table: config.costs,
    models: config.pricedModels,
    log,
  });
  const scheduler = createScheduler({
    ledger,
    tasksMax: config.limits.overall.tasks,
    breaker: account,
    now,
    elapsed,
    log,
  });
  const memory = createMemoryBudget<LiveTask>(config.imagesInMemory);
  const uploads = createSemaphore(UPLOADS_AT_ONCE.all, UPLOADS_AT_ONCE.person);
  const progressEdits = createRateLimiter(PROGRESS_EDITS_PER_SECOND);
  const allowances = createAllowances({ now, elapsed });
  const working = {
    taskDeadlineMs,
    schedule,
    scheduler,
    memory,
    uploads,
    progressEdits,
    observer: metrics,
    ...allowances,
  };
  const isOutlived = createOutlived({ now, elapsed });
  const worker = createWorker({ ...outside, ...views, ...working, isOutlived, now, elapsed, log });
  const { models, defaultModel, maskModels, tools, confirmAbove, retentionDays, balanceWarning, limits } =
    config;
  const rules = {
    models,
    defaultModel,
    maskModels,
    tools,
    confirmAbove,
    retentionDays,
    balanceWarning,
    limits,
  };
  const preparing = { ...allowances, fetcher, turns: createTurns() };
  const packing = createSemaphore(PACKED_AT_ONCE.all, PACKED_AT_ONCE.person);
  const ledgerTrouble = createLedgerTrouble(elapsed);
  const context = {
    ...rules,
    ...preparing,
    packing,
    account,
    prices,
    owners,
    ledger,
    ledgerTrouble,
    files,
    worker,
    replies,
    now,
    log,
  };
  const interactions = dispatchInteractions(client, handlers, context, metrics);
  const token = watchToken({ rest: client.rest, log, refused: () => lifecycle.leave(1) });
  const monitoring = await startMonitoring(config.http, {
    client,
    token,
    ledger,
    account,
    metrics,
    elapsed,
    log,
  });
  const house = startHousekeeping({ ledger, files, retentionDays, log, now });

  const leaving = new AbortController();
  const lifecycle = onTermination({
    log,
    withinMs: STOP_WITHIN_MS,
    startedByNpm: config.startedByNpm,
    async shutDown() {
      leaving.abort();
      token.stop();
      interactions.refuseNew();
      await worker.stop(WORKER_GRACE_MS);
      await Promise.all([disconnect(client), house.stop(), account.stop(), prices.stop()]);
      monitoring.close();
      await ledger.close();
      log.flush();
    },
  });

  await sweepFiles({ files, log });
  // libuv's threads exist by now, because files were read.
  letDecodersGiveWay(log);
  await logIn(client, config.discordToken, log);
  token.begin();
  // The service and the replies don't need the gateway, which may take long to connect.
  const resumed = worker.start();
  const ready = await connect(client, config.discordToken).catch((error) => {
    console.error(explainStartProblem(error));
    return lifecycle.leave(1);
  });
  if (!ready) return;
  onceLost(client, log, () => lifecycle.leave(1));
  account.start();
  prices.start();
  const payloads = [...handlers.commands, ...handlers.menus].map(({ payload }) => payload);
  const registration = await keepRegistered({
    client: ready,
    payloads,
    guildId: config.discordGuildId,
    log,
    signal: leaving.signal,
  });
  announceStart(ready, log, { commands: payloads.length, registration, resumed: await resumed });
  await announceExposure(ready, limits.overall.perDay, log);
}
