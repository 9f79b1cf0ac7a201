/**
 * Where no Docker engine runs: does by hand what deploy/Dockerfile says, and has what comes out serve an image on the
 * sandbox. Needs root, for the mounts; ends with 1 where anything isn't as it is to be.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import lock from '../../package-lock.json' with { type: 'json' };
import { environmentFor } from '../../sandbox/bot.ts';
import { startDiscord } from '../../sandbox/discord/index.ts';
import { startJimmyAi } from '../../sandbox/jimmyai/index.ts';
import { readCompose } from './compose.ts';
import { layOut } from './container.ts';
import { readDockerfile } from './dockerfile.ts';

/** As in compose.yaml. */
const STOP_GRACE_MS = 10_000;

const dockerfile = readDockerfile();
const container = layOut(dockerfile);
const discord = await startDiscord();
const jimmyAi = await startJimmyAi({ speed: 20, pixelScale: 0.25 });
const env = {
  ...environmentFor(discord, jimmyAi, ''),
  ...dockerfile.env,
  HTTP_PORT: String(await freePort()),
};
const bot = container.run(dockerfile.command, env, { stdio: ['ignore', 'ignore', 'inherit'] });
const ended = once(bot, 'exit');
try {
  await step('it holds what runs and nothing of the development', () => {
    assert.deepEqual(readdirSync(container.app).sort(), [...dockerfile.copied, 'node_modules'].sort());
    for (const [path, entry] of Object.entries(lock.packages)) {
      assert(!('dev' in entry && existsSync(join(container.app, path))), path);
      assert(!('bin' in entry && 'node' in entry.bin && existsSync(join(container.app, path))), path);
    }
  });
  await step('it starts, and registers its commands', () => discord.ready());
  await step('it is no root, holds no capability and can get none', () => {
    const status = readFileSync(`/proc/${bot.pid}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:\\t${dockerfile.user.split(':')[0]}\\t`, 'm'));
    assert.match(status, /^CapEff:\t0+$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);
  });
  await step('it can write to its volumes and /tmp alone', async () => {
    for (const place of ['/data/x', '/backups/x', '/tmp/x'])
      assert.equal(await exit(writing(place)), 0, place);
    for (const place of ['/x', '/app/x', '/app/src/x', '/usr/x'])
      assert.equal(await exit(writing(place)), 1, place);
  });
  await step('it is healthy', async () => assert.equal(await exit(dockerfile.healthCheck), 0));
  await step('it serves /imagine', async () => {
    const interaction = discord.interact.command({ name: 'imagine', options: { prompt: 'a contained fox' } });
    while (!interaction.message()?.attachments.length) await delay(50);
  });
  await step('its ledger is backed up to another volume, once a day', async () => {
    const backup = container.run(readCompose().backupCommand, dockerfile.env, {
      stdio: 'ignore',
      detached: true,
    });
    const daily = ['node', 'src/backup.ts', '/backups', '--daily'];
    const made = () => readdirSync(container.backups).filter((name) => name.endsWith('Z'));
    while (made().length === 0) await delay(50);
    process.kill(-(backup.pid ?? 0), 'SIGKILL');
    const [day] = made();
    assert.equal(await exit(daily), 0);
    // Unless midnight has passed meanwhile.
    if (day?.includes(new Date().toISOString().slice(0, 10))) assert.deepEqual(made(), [day]);
  });
  await step('SIGTERM ends it in time', async () => {
    bot.kill('SIGTERM');
    const late = delay(STOP_GRACE_MS, ['late'], { ref: false });
    assert.deepEqual(await Promise.race([ended, late]), [0, null]);
    assert.equal(await exit(dockerfile.healthCheck), 1);
  });
} finally {
  bot.kill('SIGKILL');
  await Promise.all([discord.close(), jimmyAi.close()]);
  container.remove();
}

async function step(what: string, check: () => void | Promise<void>): Promise<void> {
  await Promise.race([
    check(),
    delay(60_000, null, { ref: false }).then(() => assert.fail(`not within a minute: ${what}`)),
  ]);
  console.log(`✓ ${what}`);
}

function writing(place: string): string[] {
  return ['node', '-e', 'fs.writeFileSync(process.argv[1], "")', place];
}

async function exit(command: readonly string[]): Promise<number> {
  const [code] = await once(container.run(command, env, { stdio: 'ignore' }), 'exit');
  return code as number;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
