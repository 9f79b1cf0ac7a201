import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { readCompose } from './compose.ts';
import { REPOSITORY, readDockerfile } from './dockerfile.ts';

const flags = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--max-'));
const { services, backupCommand } = readCompose();
const unit = (name: string) => readFileSync(`${REPOSITORY}deploy/${name}`, 'utf8');
const started = (name: string) => /^ExecStart=(.*)$/m.exec(unit(name))?.[1]?.split(' ') ?? [];
const memoryOf = (name: string) => Number(/^MemoryMax=(\d+)M$/m.exec(unit(name))?.[1]);

test('the image and systemd give Node.js the memory that npm start gives it', () => {
  expect(flags).toHaveLength(2);
  expect(readDockerfile().command).toEqual(['node', ...flags, 'src/index.ts']);
  expect(started('imagine-bot.service').slice(1)).toEqual([...flags, 'src/index.ts']);
});

test('one of several systemd processes is confined as the only one is, and has no folder of its own', () => {
  const meant = (name: string) =>
    unit(name)
      .split('\n')
      .filter((line) => !/^(?:#|Description|Documentation|Environment|StateDirectory)/.test(line));
  expect(meant('imagine-bot@.service')).toEqual(meant('imagine-bot.service'));
  expect(unit('imagine-bot@.service')).toMatch(/^EnvironmentFile=\/etc\/imagine-bot\/%i\.env$/m);
});

test('the bots of Compose with PostgreSQL hold every shard once, and share the requests that Discord allows', () => {
  const bots = Object.entries(readCompose('compose.postgres.yaml').services).filter(([name]) =>
    name.startsWith('bot-'),
  );
  const text = unit('compose.postgres.yaml');
  const perSecond = Number(/DISCORD_REST_PER_SECOND: '(\d+)'/.exec(text)?.[1]);
  expect(bots.map(([, { lines }]) => /SHARDS: (.*)/.exec(lines)?.[1])).toEqual(
    bots.map((_, shard) => `${shard} of ${bots.length}`),
  );
  expect(perSecond * bots.length).toBe(50);
  expect(Number(/mem_limit: (\d+)m/.exec(text)?.[1])).toBe(services.bot?.memoryMb);
});

test('systemd runs the Node.js that is locked', () => {
  for (const name of ['imagine-bot.service', 'imagine-bot-backup.service']) {
    expect(started(name)[0]).toBe('/opt/imagine-bot/node_modules/.bin/node');
  }
});

test('Compose and systemd bound the memory, with room for the heap and for pictures beside it', () => {
  const heapMb = Number(flags.join(' ').match(/--max-old-space-size=(\d+)/)?.[1]);
  const decodingMb = 512;
  expect(services.bot?.memoryMb).toBeGreaterThanOrEqual(heapMb + decodingMb + 256);
  expect(memoryOf('imagine-bot.service')).toBe(services.bot?.memoryMb);
  expect(memoryOf('imagine-bot-backup.service')).toBe(services.backup?.memoryMb);
});

test('Compose backs the ledger up every day, to a volume of its own, by a container that knows no secret', () => {
  expect(services.bot?.volumes).toEqual({ data: '/data' });
  expect(services.backup?.volumes).toEqual({ data: '/data', backups: '/backups' });
  expect(backupCommand.join(' ')).toMatch(/^sh -c while true; do node src\/backup\.ts \/backups .*--daily/);
  expect(services.backup?.lines).not.toMatch(/env_file/);
  expect(services.backup?.lines).toMatch(/network_mode: none/);
});
