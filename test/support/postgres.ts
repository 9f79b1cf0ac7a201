import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL server for one test file: in a temporary folder, on loopback. */
export interface PostgresServer {
  /** The URL of a database in it that stays empty. */
  readonly url: string;
  /** Ends it at once, as `kill -9` would, so that connections break. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes everything. */
  remove(): Promise<void>;
}

const folder = folderWith('initdb', 'postgres');

/** Why there is no server to test with; null when there is one. */
export const postgresMissing =
  folder === null
    ? 'PostgreSQL is not installed here (no initdb in PATH or /usr/lib/postgresql): what needs it is skipped'
    : null;

/** PostgreSQL refuses to run as root, so tests of root use another uid. */
const OTHER: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? nobody() : {};

/**
 * Starts a server, on request with the certificate in `tls/`; a `durable` one waits for its disk, as in life. Throws when
 * PostgreSQL isn't installed, so check {@link postgresMissing} first.
 */
export async function startPostgres({ tls = false, durable = false } = {}): Promise<PostgresServer> {
  if (folder === null) throw new Error(postgresMissing ?? '');
  const data = mkdtempSync(join(tmpdir(), 'postgres-'));
  if (OTHER.uid !== undefined && OTHER.gid !== undefined) chownSync(data, OTHER.uid, OTHER.gid);
  chmodSync(data, 0o700);
  const options = ['--auth=trust', '--username=bot', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(folder, 'initdb'), ['--pgdata', data, ...options], { ...OTHER, cwd: '/', stdio: 'pipe' });
  if (tls) layCertificate(data);
  const port = await freePort();
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    const settings = [
      ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
      'unix_socket_directories=',
      'listen_addresses=127.0.0.1',
      ...(tls ? ['ssl=on', 'ssl_cert_file=certificate.pem', 'ssl_key_file=key.pem'] : []),
    ];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    running = spawn(join(folder as string, 'postgres'), args, {
      ...OTHER,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilUp(port, running);
  }

  async function stop(): Promise<void> {
    const server = running;
    running = null;
    if (server === null || server.exitCode !== null) return;
    const exit = once(server, 'exit');
    // Immediate shutdown: the server aborts without notice, and its children end with it.
    server.kill('SIGQUIT');
    await exit;
  }

  await start();
  return {
    url: urlOf(port),
    stop,
    start,
    async remove() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL accepts a key only from a file that nobody else can read. */
function layCertificate(data: string): void {
  for (const name of ['certificate.pem', 'key.pem']) {
    const path = join(data, name);
    copyFileSync(new URL(`tls/${name}`, import.meta.url), path);
    chmodSync(path, 0o600);
    if (OTHER.uid !== undefined && OTHER.gid !== undefined) chownSync(path, OTHER.uid, OTHER.gid);
  }
}

/** The path of one of PostgreSQL's programs, such as `pg_dump`. */
export function postgresProgram(name: string): string {
  const place = folderWith(name);
  if (place === null) throw new Error(`PostgreSQL's ${name} is not installed here`);
  return join(place, name);
}

/** Creates an empty database on the server at this URL. Returns the URL of the database. */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await connected(url, (client) => client.query(`CREATE DATABASE ${name}`));
  return new URL(name, url).href;
}

function urlOf(port: number): string {
  return `postgres://bot@127.0.0.1:${port}/postgres`;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function untilUp(port: number, server: ChildProcess): Promise<void> {
  let words = '';
  server.stderr?.on('data', (chunk) => {
    words += chunk;
  });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${words}`);
    const isUp = await connected(urlOf(port), (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Debian keeps the programs out of PATH, in a folder for each version. */
function folderWith(...programs: string[]): string | null {
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...globSync('/usr/lib/postgresql/*/bin').reverse(),
  ];
  return places.find((place) => programs.every((name) => existsSync(join(place, name)))) ?? null;
}

function nobody(): { readonly uid: number; readonly gid: number } {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
