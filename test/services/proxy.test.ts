import { expect, test } from 'vitest';
import { proxyWarning } from '../../src/services/proxy.ts';

test('a proxy that the environment names is said not to be used, in one line', () => {
  expect(proxyWarning({ HTTPS_PROXY: 'http://10.0.0.1:3128' })).toMatch(
    /^HTTPS_PROXY is set, but the bot uses no proxy: .*$/,
  );
  expect(proxyWarning({ https_proxy: 'x', http_proxy: 'x' })).toMatch(
    /^https_proxy and http_proxy are set, /,
  );
});

test('nothing is said where there is none', () => {
  expect(proxyWarning({ HTTPS_PROXY: ' ', NO_PROXY: '*' })).toBeNull();
});
