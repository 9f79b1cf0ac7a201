import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { MockAgent } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createFetcher, type FetcherOptions } from '../../../src/services/images/fetch.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener): Promise<{ url: string; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    return listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  cleanups.push(async () => server.closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}

function fetcher(options: Partial<FetcherOptions>) {
  const created = createFetcher({
    discordApiUrl: 'https://discord.com/api',
    serviceBaseUrl: 'https://service.invalid',
    ...options,
  });
  cleanups.push(() => created.close());
  return created;
}

const LIMITS = { attachment: { maxBytes: 10, deadlineMs: 5_000 } };

describe('what arrives', () => {
  test('is handed on byte for byte, from the origin of DISCORD_API_URL', async () => {
    const { url, hits } = await serve((_, response) => response.end(Buffer.from([1, 2, 3])));
    const bytes = await fetcher({ discordApiUrl: `${url}/api` }).attachment(`${url}/a.png?ex=1`);
    expect(bytes).toEqual(Buffer.from([1, 2, 3]));
    expect(hits).toEqual(['/a.png?ex=1']);
  });

  test('may be exactly as long as the limit', async () => {
    const { url } = await serve((_, response) => response.end('0123456789'));
    await expect(fetcher({ discordApiUrl: url, limits: LIMITS }).attachment(url)).resolves.toHaveLength(10);
  });

  test('is cut off beyond the limit, whatever its headers promised', async () => {
    const { url } = await serve((_, response) => {
      const pump = () => {
        while (response.write('more'));
      };
      response.on('drain', pump);
      pump();
    });
    await expect(fetcher({ discordApiUrl: url, limits: LIMITS }).attachment(url)).rejects.toMatchObject({
      name: 'FetchError',
      kind: 'too-large',
      passing: false,
    });
  });

  test('is asked for as it is, by a name, and unpacked where it comes packed all the same', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const { url } = await serve(({ headers }, response) => {
      asked.push(headers);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.from([1, 2, 3])));
    });
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).resolves.toEqual(Buffer.from([1, 2, 3]));
    expect(asked).toMatchObject([
      { 'accept-encoding': 'identity', 'user-agent': expect.stringMatching(/^imagine-bot\/\d/) },
    ]);
  });

  test('is unpacked to no more than its limit: a few kilobytes never become gigabytes', async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000));
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({
      kind: 'too-large',
      passing: false,
    });
  });

  test('must arrive before the deadline, even if it trickles', async () => {
    const { url } = await serve((request, response) => {
      const trickle = setInterval(() => response.write('.'), 20);
      request.socket.on('close', () => clearInterval(trickle));
    });
    const limits = { attachment: { maxBytes: 1_000_000, deadlineMs: 150 } };
    await expect(fetcher({ discordApiUrl: url, limits }).attachment(url)).rejects.toMatchObject({
      kind: 'timeout',
      passing: true,
    });
  });

  test.each([
    [403, 'gone', false],
    [404, 'gone', false],
    [410, 'gone', false],
    [429, 'bad-status', true],
    [500, 'bad-status', true],
    [400, 'bad-status', false],
    [304, 'bad-status', false],
  ])('HTTP %d is %s, passing: %s', async (status, kind, passing) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({ kind, passing });
  });

  test.each([
    ['a reset', () => undefined],
    ['half an answer', () => '{'],
  ])('%s is unreachable and passing', async (_, start) => {
    const { url } = await serve((request, response) => {
      const half = start();
      if (half === undefined) return request.socket.resetAndDestroy();
      return response.writeHead(200, { 'content-length': '9' }).write(half, () => request.socket.destroy());
    });
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({
      kind: 'unreachable',
      passing: true,
    });
  });

  test("a caller's abort is thrown as the caller gave it", async () => {
    const controller = new AbortController();
    const reason = new Error('shutting down');
    const { url } = await serve(() => controller.abort(reason));
    const { signal } = controller;
    await expect(fetcher({ discordApiUrl: url }).attachment(url, { signal })).rejects.toBe(reason);
  });
});

describe('redirects', () => {
  const redirectTo =
    (location: () => string): RequestListener =>
    (request, response) => {
      if (request.url === '/image') return response.end('image');
      return response.writeHead(302, { location: location() }).end('moved');
    };

  test('are followed within what is allowed, relative ones too', async () => {
    const { url, hits } = await serve(redirectTo(() => '/image'));
    await expect(fetcher({ discordApiUrl: url }).attachment(`${url}/start`)).resolves.toEqual(
      Buffer.from('image'),
    );
    expect(hits).toEqual(['/start', '/image']);
  });

  test('do not lead attachments elsewhere', async () => {
    const elsewhere = await serve((_, response) => response.end('secret'));
    const { url } = await serve(redirectTo(() => elsewhere.url));
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({
      kind: 'forbidden',
      passing: false,
    });
    expect(elsewhere.hits).toEqual([]);
  });

  test('do not lead results from the service into the private network', async () => {
    const internal = await serve((_, response) => response.end('secret'));
    const { url } = await serve(redirectTo(() => internal.url));
    await expect(fetcher({ serviceBaseUrl: url }).result(url)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(internal.hits).toEqual([]);
  });

  test('with a body that never ends are not read to its end', async () => {
    const { url, hits } = await serve((request, response) => {
      if (request.url === '/image') return response.end('image');
      response.writeHead(302, { location: '/image' });
      const pump = () => {
        while (response.write('more'.repeat(1000)));
      };
      response.on('drain', pump);
      return pump();
    });
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).resolves.toEqual(Buffer.from('image'));
    expect(hits).toEqual(['/', '/image']);
  });

  test('carry no name and password into what they lead to', async () => {
    const { url, hits } = await serve(redirectTo(() => url.replace('//', '//user:password@')));
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(hits).toHaveLength(1);
  });

  test('do not lead to a file of the machine', async () => {
    const { url } = await serve(redirectTo(() => 'file:///etc/passwd'));
    await expect(fetcher({ serviceBaseUrl: url }).result(url)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('end after ten', async () => {
    const { url, hits } = await serve(redirectTo(() => '/again'));
    await expect(fetcher({ discordApiUrl: url }).attachment(url)).rejects.toMatchObject({
      kind: 'bad-status',
    });
    expect(hits).toHaveLength(11);
  });
});

describe('results', () => {
  test("come from the service's own origin even on loopback", async () => {
    const { url } = await serve((_, response) => response.end('image'));
    await expect(fetcher({ serviceBaseUrl: `${url}/base` }).result(`${url}/a.png`)).resolves.toEqual(
      Buffer.from('image'),
    );
  });

  test('come from anywhere public', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    cleanups.push(() => agent.close());
    agent.get('https://cdn.test').intercept({ path: '/a.png?sig=1' }).reply(200, 'image');
    const fetched = await fetcher({ dispatcher: agent }).result('https://cdn.test/a.png?sig=1');
    expect(fetched).toEqual(Buffer.from('image'));
  });

  test.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'ftp://cdn.test/a',
    'https://a:b@cdn.test/',
    'file:///etc/passwd',
    'nonsense',
  ])('are not fetched from %s', async (url) => {
    await expect(fetcher({}).result(url)).rejects.toMatchObject({ kind: 'forbidden', passing: false });
  });

  const hello = Buffer.from('Hello, \u00ff!', 'latin1');
  test.each([
    ['base64', `data:image/png;base64,${hello.toString('base64')}`],
    ['base64 of another kind', `DATA:text/html;charset=utf-8;base64,${hello.toString('base64url')}`],
    ['base64 in lines', `data:;base64,${hello.toString('base64').replace(/(.{4})/g, '$1\r\n')}`],
    ['escaped base64', `data:image/png;base64,${encodeURIComponent(hello.toString('base64'))}`],
    ['escapes', 'data:,Hello%2C%20%ff!'],
  ])('in a data URI come out of it: %s', async (_, uri) => {
    await expect(fetcher({}).result(uri)).resolves.toEqual(hello);
  });

  test.each(['data:image/png;base64,', 'data:,'])('in a data URI are bounded: %s', async (head) => {
    const limits = { result: { maxBytes: 10, deadlineMs: 1000 } };
    await expect(fetcher({ limits }).result(head + 'A'.repeat(5_000_000))).rejects.toMatchObject({
      kind: 'too-large',
    });
    await expect(fetcher({ limits }).result(head + 'A'.repeat(100))).rejects.toMatchObject({
      kind: 'too-large',
    });
    await expect(fetcher({}).result('data:nothing')).rejects.toMatchObject({ kind: 'bad-status' });
  });

  test('a data URI is no address of an attachment', async () => {
    await expect(fetcher({}).attachment('data:,a')).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('are not fetched from a name that leads inside', async () => {
    const internal = await serve((_, response) => response.end('secret'));
    const lookups: string[] = [];
    const lookup: LookupFunction = (hostname, _, callback) => {
      lookups.push(hostname);
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const url = internal.url.replace('127.0.0.1', 'rebinding.test');
    await expect(fetcher({ lookup }).result(url)).rejects.toMatchObject({
      kind: 'forbidden',
      passing: false,
    });
    expect(lookups).toEqual(['rebinding.test']);
    expect(internal.hits).toEqual([]);
  });

  test("are not fetched from the system's own localhost", async () => {
    const internal = await serve((_, response) => response.end('secret'));
    const url = internal.url.replace('127.0.0.1', 'localhost');
    await expect(fetcher({}).result(url)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(internal.hits).toEqual([]);
  });

  test('from a name that does not exist are unreachable, which may pass', async () => {
    const lookup: LookupFunction = (_, __, callback) => callback(new Error('ENOTFOUND'), []);
    await expect(fetcher({ lookup }).result('http://gone.test/')).rejects.toMatchObject({
      kind: 'unreachable',
      passing: true,
    });
  });
});
