import { expect, test } from 'vitest';
import { readProxies } from '../../../src/services/proxy/proxies.ts';

const PROXY = 'http://10.0.0.1:3128';
const OTHER = 'http://10.0.0.2:3128';
const SOCKS = 'socks5://10.0.0.1:1080';
const to = (address: string) => {
  const { protocol, hostname, port } = new URL(address);
  return { protocol, hostname, port: Number(port) || (/^http:|^ws:/.test(protocol) ? 80 : 443) };
};
const proxyOf = (env: Record<string, string>, address: string) =>
  readProxies(env)?.(to(address))?.origin ?? null;

test('without a proxy in the environment there is none', () => {
  expect(readProxies({ HTTPS_PROXY: '', ALL_PROXY: ' ', NO_PROXY: '*' })).toBeNull();
});

test.each([
  [{ HTTPS_PROXY: PROXY }, 'https://discord.com', PROXY],
  [{ https_proxy: PROXY }, 'wss://gateway.discord.gg', PROXY],
  [{ HTTPS_PROXY: '10.0.0.1:3128' }, 'https://discord.com', PROXY],
  [{ HTTPS_PROXY: PROXY, https_proxy: OTHER }, 'https://discord.com', OTHER],
  [{ HTTPS_PROXY: PROXY, https_proxy: '' }, 'https://discord.com', PROXY],
  [{ HTTPS_PROXY: PROXY }, 'http://service.internal', null],
  [{ HTTP_PROXY: PROXY }, 'http://service.internal', PROXY],
  [{ HTTP_PROXY: PROXY }, 'https://discord.com', PROXY],
  [{ ALL_PROXY: PROXY }, 'https://discord.com', PROXY],
  [{ all_proxy: PROXY }, 'http://service.internal', PROXY],
  [{ ALL_PROXY: PROXY, HTTPS_PROXY: OTHER }, 'https://discord.com', OTHER],
  [{ ALL_PROXY: PROXY, HTTP_PROXY: OTHER }, 'https://discord.com', PROXY],
  [{ ALL_PROXY: PROXY, HTTP_PROXY: OTHER }, 'http://service.internal', OTHER],
  [{ all_proxy: SOCKS, http_proxy: PROXY, https_proxy: OTHER }, 'https://discord.com', OTHER],
  [{ HTTP_PROXY: PROXY }, 'http://127.0.0.1:8080', null],
  [{ HTTP_PROXY: PROXY }, 'http://[::1]:8080', null],
  [{ HTTP_PROXY: PROXY, NO_PROXY: '' }, 'http://127.0.0.1:8080', PROXY],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '*', no_proxy: 'other.test' }, 'https://discord.com', PROXY],
])('by %j, the proxy for %s is %s', (env, address, expected) => {
  expect(proxyOf(env, address)).toBe(expected);
});

test.each([
  ['*', 'https://discord.com', true],
  ['*:443', 'https://discord.com', true],
  ['*:80', 'https://discord.com', false],
  ['discord.com', 'https://discord.com', true],
  ['discord.com', 'https://cdn.discord.com', true],
  ['.discord.com', 'https://discord.com', true],
  ['.discord.com', 'wss://gateway.discord.com', true],
  ['*.discord.com', 'https://cdn.discord.com', true],
  ['*.discord.com', 'https://discord.com', false],
  ['cord.com', 'https://discord.com', false],
  ['Discord.COM.', 'https://discord.com', true],
  ['discord.com', 'https://discord.com.', true],
  ['other.test, discord.com', 'https://discord.com', true],
  ['other.test，discord.com', 'https://discord.com', true],
  ['discord.com:443', 'https://discord.com', true],
  ['discord.com:444', 'https://discord.com', false],
  ['localhost', 'http://localhost:3000', true],
  ['10.1.2.3', 'http://10.1.2.3', true],
  ['10.1.2.3:80', 'http://10.1.2.3', true],
  ['10.1.2.3', 'http://10.1.2.30', false],
  ['10.0.0.0/8', 'http://10.1.2.3', true],
  ['10.0.0.0/8', 'http://11.1.2.3', false],
  ['10.0.0.0/8:81', 'http://10.1.2.3', false],
  ['10.0.0.0/33', 'http://10.1.2.3', false],
  ['10.0.0.0/8', 'https://10.example', false],
  ['::1', 'http://[::1]:8080', true],
  ['[::1]:8080', 'http://[::1]:8080', true],
  ['[::1]:8080', 'http://[::1]:8081', false],
  ['[::1]', 'http://[::1]:8081', true],
  ['fd00::/8', 'http://[fd12::1]', true],
  ['<local>', 'https://discord.com', false],
])('whether NO_PROXY=%s lets %s be reached directly: %s', (list, address, expected) => {
  expect(proxyOf({ HTTP_PROXY: PROXY, NO_PROXY: list }, address) === null).toBe(expected);
});

test.each(['http://', 'not a proxy', 'ftp://10.0.0.1', 'http://user:pass#w0rd@10.0.0.1:3128'])(
  '%s is named as no proxy in one line, without the value',
  (value) => {
    const read = () => readProxies({ HTTPS_PROXY: value });
    expect(read).toThrow(/^HTTPS_PROXY must be the address of an HTTP proxy, as in http:\S+; .*%40.*$/);
    expect(read).not.toThrow(/w0rd/);
  },
);

test.each([
  [{ HTTPS_PROXY: SOCKS }, 'HTTPS_PROXY'],
  [{ ALL_PROXY: 'socks5h://user:secret@10.0.0.1' }, 'ALL_PROXY'],
  [{ HTTPS_PROXY: PROXY, all_proxy: 'socks://10.0.0.1' }, 'all_proxy'],
])('%j, a SOCKS proxy, is refused in one line that says what works instead', (env, name) => {
  const read = () => readProxies(env);
  expect(read).toThrow(
    new RegExp(`^${name} names a SOCKS proxy, which the bot cannot use: set HTTPS_PROXY and HTTP_PROXY .*$`),
  );
  expect(read).not.toThrow(/secret/);
});
