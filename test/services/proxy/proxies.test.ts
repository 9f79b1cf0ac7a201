import { expect, test } from 'vitest';
import { readProxies } from '../../../src/services/proxy/proxies.ts';

const PROXY = 'http://10.0.0.1:3128';
const to = (address: string) => {
  const { protocol, hostname, port } = new URL(address);
  return { protocol, hostname, port: Number(port) || 443 };
};
const uses = (env: Record<string, string>, address: string) => readProxies(env)?.(to(address)) !== null;

test('without a proxy in the environment there is none', () => {
  expect(readProxies({ HTTPS_PROXY: '', NO_PROXY: '*' })).toBeNull();
});

test.each([
  [{ HTTPS_PROXY: PROXY }, 'https://discord.com', true],
  [{ https_proxy: PROXY }, 'wss://gateway.discord.gg', true],
  [{ HTTPS_PROXY: '10.0.0.1:3128' }, 'https://discord.com', true],
  [{ HTTPS_PROXY: PROXY }, 'http://service.internal', false],
  [{ HTTP_PROXY: PROXY }, 'http://service.internal', true],
  [{ HTTP_PROXY: PROXY }, 'https://discord.com', true],
  [{ HTTP_PROXY: PROXY }, 'http://127.0.0.1:8080', false],
  [{ HTTP_PROXY: PROXY }, 'http://[::1]:8080', false],
  [{ HTTP_PROXY: PROXY, NO_PROXY: '' }, 'http://127.0.0.1:8080', true],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'other.test, .discord.com' }, 'https://discord.com', false],
  [{ HTTPS_PROXY: PROXY, no_proxy: 'discord.com:444' }, 'https://discord.com', true],
  [{ HTTPS_PROXY: PROXY, no_proxy: '*' }, 'https://discord.com', false],
])('by %j, whether %s goes by the proxy: %s', (env, address, expected) => {
  expect(uses(env, address)).toBe(expected);
});

test.each(['socks5://10.0.0.1', 'http://', 'not a proxy'])('%s is named as no proxy in one line', (value) => {
  expect(() => readProxies({ HTTPS_PROXY: value })).toThrow(
    /^HTTPS_PROXY must be the address of an HTTP proxy/,
  );
});
