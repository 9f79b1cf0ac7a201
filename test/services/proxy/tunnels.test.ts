import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { readProxies } from '../../../src/services/proxy/proxies.ts';
import { createTunnels } from '../../../src/services/proxy/tunnels.ts';
import { TLS } from '../../support/tls/index.ts';

const TARGET = { protocol: 'https:', hostname: 'discord.com', port: 443 };
const OTHER = { protocol: 'https:', hostname: 'other.test', port: 443 };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test.each<[string, string, RegExp]>([
  ['that wants a password', 'HTTP/1.1 407 No\r\n\r\n', /does not take the user and password \(HTTP 407\)$/],
  [
    'that can’t reach the host',
    'HTTP/1.1 502 No\r\n\r\n',
    /does not connect to discord\.com:443 \(HTTP 502\)$/,
  ],
  ['that speaks SOCKS', '\x05\xff', /does not answer as an HTTP proxy does \(HPE_\w+\)$/],
  ['that hangs up', '', /cannot be reached \(ECONNRESET\)$/],
])('a proxy %s is named by host and port, and nothing of its password', async (_, answer, what) => {
  const { port, tunnels } = await behind((socket) => socket.end(answer, 'latin1'));
  const opened = tunnels.open(TARGET);
  await expect(opened).rejects.toThrow(what);
  await expect(opened).rejects.toThrow(`the proxy 127.0.0.1:${port} `);
  await expect(opened).rejects.not.toThrow(/s3cret/);
});

test('an https:// before a proxy that speaks no TLS is named as that', async () => {
  const { tunnels, said } = await behind((socket) => socket.end('HTTP/1.1 400 No\r\n\r\n'), {
    scheme: 'https',
  });
  await expect(tunnels.open(TARGET)).rejects.toThrow(/does not speak TLS \((?:ERR_SSL_|EPROTO)\w*\)$/);
  expect(said()).toEqual([expect.stringMatching(/An ordinary HTTP proxy has http:\/\/ before its address/)]);
});

test('a proxy with a certificate of its own is named with the way to trust it', async () => {
  const server = createSecureServer(TLS).listen(0, '127.0.0.1');
  servers.push(server.on('tlsClientError', () => undefined));
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { tunnels, said } = tunnelsBy(`https://127.0.0.1:${port}`);
  await expect(tunnels.open(TARGET)).rejects.toThrow(
    /shows a certificate of its own \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
  );
  expect(said()).toEqual([expect.stringMatching(/set NODE_EXTRA_CA_CERTS/)]);
});

test('a proxy that never answers is given up', async () => {
  const { tunnels } = await behind(() => undefined, { timeoutMs: 20 });
  await expect(tunnels.open(TARGET)).rejects.toThrow(/^the proxy 127\.0\.0\.1:\d+ does not answer$/);
});

test('the way is open with any answer of 2xx, and a % in a password that encodes nothing is one', async () => {
  let head = '';
  const { tunnels } = await behind(
    (socket) =>
      socket.once('data', (data) => {
        head = data.toString();
        socket.write('HTTP/1.1 201 Yes\r\n\r\nhello');
      }),
    { password: '100%' },
  );
  const socket = await tunnels.open(TARGET);
  expect(
    String(
      await socket
        ?.iterator()
        .next()
        .then(({ value }) => value),
    ),
  ).toBe('hello');
  expect(head).toContain(`Basic ${btoa('user:100%')}`);
});

test('the log names each trouble once, until the proxy works again', async () => {
  let answer = 'HTTP/1.1 407 No\r\n\r\n';
  const { tunnels, said } = await behind((socket) => socket.write(answer));
  const tryIt = async (target = TARGET) => {
    (await tunnels.open(target)?.catch(() => null))?.destroy();
  };
  await tryIt();
  await tryIt();
  answer = 'HTTP/1.1 403 No\r\n\r\n';
  await tryIt(OTHER);
  answer = 'HTTP/1.1 200 Yes\r\n\r\n';
  await tryIt();
  answer = 'HTTP/1.1 403 No\r\n\r\n';
  await tryIt(OTHER);
  expect(said()).toEqual([
    expect.stringMatching(
      /^warn the proxy \S+ does not take the user and password \(HTTP 407\)\. Write them/,
    ),
    expect.stringMatching(/^warn the proxy \S+ does not connect to other\.test:443 \(HTTP 403\)\. Let the/),
    expect.stringMatching(/^info the proxy \S+ works again$/),
  ]);
});

async function behind(
  answer: (socket: Socket) => unknown,
  {
    scheme = 'http',
    password = 's3cret',
    timeoutMs,
  }: { scheme?: string; password?: string; timeoutMs?: number } = {},
) {
  const server = createServer((socket) => {
    answer(socket.on('error', () => socket.destroy()));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return { port, ...tunnelsBy(`${scheme}://user:${password}@127.0.0.1:${port}`, timeoutMs) };
}

function tunnelsBy(address: string, timeoutMs?: number) {
  const proxyFor = readProxies({ HTTPS_PROXY: address });
  if (!proxyFor) throw new Error('no proxy in the environment');
  const lines: string[] = [];
  const log = pino(
    { formatters: { level: (level) => ({ level }) } },
    {
      write(line: string) {
        const { level, msg } = JSON.parse(line);
        lines.push(`${level} ${msg}`);
      },
    },
  );
  const tunnels = createTunnels({ proxyFor, log, ...(timeoutMs && { timeoutMs }) });
  return { tunnels, said: () => lines };
}
