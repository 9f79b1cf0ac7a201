import { type Client, Status } from 'discord.js';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../../sandbox/discord/index.ts';
import {
  connect,
  createDiscordClient,
  disconnect,
  onceLost,
} from '../../../../src/services/discord/client.ts';
import { GATEWAY_TIMES, type GatewayTimes } from '../../../../src/services/discord/gateway/patience.ts';
import { countInvalidAnswers } from '../../../../src/services/discord/invalid-answers.ts';
import { until } from '../../../support/bot-on-sandbox.ts';

/** Far more impatient than in life; discord.js's own half a second before each connection stays. */
const QUICK: GatewayTimes = {
  pausesMs: GATEWAY_TIMES.pausesMs.map((ms) => ms / 1000),
  helloWithinMs: 60_000,
  anewAfterMs: 900,
  giveUpAfterMs: 60_000,
  settledAfterMs: { identified: 60, resumed: 1 },
};

/** Where the gateway is silent: as long as a busy machine takes for a word at the next try. */
const SILENCE: Partial<GatewayTimes> = { helloWithinMs: 1500 };

/** Where a session is to be resumed, however slow the machine. */
const PATIENT_MS = 60_000;

let discord: Discord;
let client: Client;
let lines: { level: number; msg: string; code?: number }[];
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });

beforeEach(async () => {
  discord = await startDiscord({ sharding: { identifyPauseMs: 0 } });
  lines = [];
});
afterEach(async () => {
  await disconnect(client);
  await discord.close();
});

function connected(times: Partial<GatewayTimes> = {}): Promise<Client<true>> {
  client = createDiscordClient({
    apiUrl: discord.apiUrl,
    shards: 'auto',
    log,
    invalid: countInvalidAnswers({ log, elapsed: () => performance.now() }),
    gatewayTimes: { ...QUICK, ...times },
  });
  // Discord's 5 s between two logins.
  Object.assign(client.options.ws ?? {}, {
    buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }),
  });
  return connect(client, discord.token);
}

/** What the log warned of, in the order in which it did. */
const warnings = () => lines.filter(({ level }) => level === 40).map(({ msg }) => msg);

function sessions(): string[] {
  const states: string[] = [];
  discord.on('session', ({ state }) => states.push(state));
  return states;
}

test('a RESUME that is never answered is given up for a new session', async () => {
  await connected(SILENCE);
  const states = sessions();
  discord.faults.gateway({ ignoreResume: true });
  discord.faults.dropGateway();
  await until(() => states.includes('ready'));
  expect(states).toEqual(['disconnected', 'ready']);
  expect(warnings()).toEqual([
    expect.stringMatching(/^the gateway connection ended with 1006: it broke off; the bot connects again/),
    expect.stringMatching(/^Discord left the gateway session unanswered; the bot /),
  ]);
});

test.each(['', 'not an address', 'wss://', 'https://discord.com'])(
  'a session that is to be resumed at %j is resumed at the gateway itself',
  async (resumeUrl) => {
    discord.faults.gateway({ resumeUrl });
    await connected({ anewAfterMs: PATIENT_MS });
    const states = sessions();
    discord.faults.dropGateway();
    await until(() => states.includes('resumed'));
    expect(states).toEqual(['disconnected', 'resumed']);
  },
);

test('a RESUME that is doubted for ever is sent once a connection, at growing pauses, and then given up for a new session', async () => {
  await connected({ anewAfterMs: 700 });
  const states = sessions();
  discord.faults.gateway({ doubtResume: true });
  discord.faults.dropGateway();
  await until(() => states.includes('ready'));
  const doubts = states.filter((state) => state === 'doubted').length;
  expect(doubts).toBeGreaterThan(1);
  expect(doubts).toBeLessThan(6);
  expect(warnings()).toContainEqual(
    expect.stringMatching(/^Discord does not accept the gateway session; the bot connects again/),
  );
});

test('a session that cannot be resumed, because every upgrade is refused, is given up for a new one', async () => {
  await connected();
  const states = sessions();
  const relent = discord.faults.gateway({ refuseUpgrade: 403 });
  discord.faults.dropGateway();
  await until(() => warnings().some((line) => line.includes('begins a new session')));
  relent();
  await until(() => states.includes('ready'));
  expect(states).not.toContain('resumed');
});

test('an upgrade that is refused is said once, and tried again at growing pauses', async () => {
  let upgrades = 0;
  discord.on('upgrade', () => upgrades++);
  discord.faults.gateway({ refuseUpgrade: 503 });
  void connected({ ...GATEWAY_TIMES, pausesMs: [0, 0, 20, 3_600_000] });
  await until(() => lines.filter(({ msg }) => msg.includes('HTTP 503')).length === 3);
  expect(upgrades).toBe(3);
  expect(warnings()).toEqual([
    "Discord's gateway refused the connection with HTTP 503; the bot connects again at once",
  ]);
});

test('a gateway that ends each session at its IDENTIFY is tried at growing pauses, and then given up with a reason', async () => {
  let upgrades = 0;
  discord.on('upgrade', () => upgrades++);
  discord.faults.gateway({ closeAtIdentify: 4000 });
  await expect(connected({ giveUpAfterMs: 600 })).rejects.toThrow(
    /^shard 0 of the gateway connection has not worked for a long time \(the gateway connection ended with 4000: Discord does not say why\)\. Check /,
  );
  expect(upgrades).toBeLessThan(9);
});

test('a bot that loses its gateway for too long says so and leaves', async () => {
  await connected({ giveUpAfterMs: 600 });
  const { promise, resolve } = Promise.withResolvers<void>();
  onceLost(client, log, resolve);
  discord.faults.gateway({ refuseUpgrade: 503 });
  discord.faults.dropGateway();
  await promise;
  expect(lines.find(({ level }) => level === 60)?.msg).toMatch(
    /has not worked for a long time \(Discord's gateway refused the connection with HTTP 503\)\..* Stopping\.$/,
  );
});

test('a gateway that does not greet is left, and asked again', async () => {
  const relent = discord.faults.gateway({ withholdHello: true });
  const ready = connected({ ...SILENCE, anewAfterMs: PATIENT_MS });
  await until(() => warnings().length > 0);
  relent();
  await ready;
  expect(warnings()).toEqual([expect.stringMatching(/^Discord's gateway sent nothing; the bot /)]);
});

test('an upgrade without any answer is ended before the next one', async () => {
  let ended = 0;
  discord.on('upgrade', (status) => void (status === 0 && ended++));
  const relent = discord.faults.gateway({ ignoreUpgrade: true });
  const ready = connected({ ...SILENCE, anewAfterMs: PATIENT_MS });
  await until(() => ended > 0);
  relent();
  await ready;
  expect(warnings()).toEqual([expect.stringMatching(/^Discord's gateway sent nothing; the bot /)]);
});

test('a login without any answer is named as that', async () => {
  const relent = discord.faults.gateway({ ignoreIdentify: true });
  const ready = connected(SILENCE);
  await until(() => warnings().length > 0);
  relent();
  await ready;
  expect(warnings()[0]).toMatch(/^Discord left the gateway session unanswered; the bot connects again/);
});

test('a server that Discord tells nothing of does not keep the bot from being ready', async () => {
  discord.faults.gateway({ withholdGuilds: true });
  expect((await connected()).guilds.cache.get(discord.guild.id)?.available).toBe(false);
});

test('a connection whose heartbeats go unanswered is resumed', async () => {
  await discord.close();
  discord = await startDiscord({ sharding: { identifyPauseMs: 0 }, heartbeatIntervalMs: 50 });
  const states = sessions();
  const relent = discord.faults.gateway({ withholdHeartbeatAcks: true });
  await connected();
  await until(() => states.includes('resumed'));
  relent();
});

test('a connection whose end comes together with doubts about its session is followed by another', async () => {
  await connected({ anewAfterMs: PATIENT_MS });
  const states = sessions();
  discord.faults.requestReconnect();
  discord.faults.invalidSession(true);
  discord.faults.dropGateway({ code: 4000 });
  await until(() => states.includes('resumed') || states.includes('ready'));
  expect(client.ws.status).toBe(Status.Ready);
});

test('nothing connects any more once the bot has left in the middle of a pause', async () => {
  await connected({ pausesMs: [0, 200] });
  discord.faults.dropGateway();
  await until(() => warnings().length > 0);
  let upgrades = 0;
  discord.on('upgrade', () => upgrades++);
  await disconnect(client);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(upgrades).toBe(0);
});
