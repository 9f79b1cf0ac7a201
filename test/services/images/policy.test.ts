import { describe, expect, test } from 'vitest';
import { attachmentPolicy, resultPolicy } from '../../../src/services/images/policy.ts';

describe('attachments', () => {
  const policy = attachmentPolicy('http://127.0.0.1:4000/api');

  test.each([
    'https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3',
    'https://media.discordapp.net/attachments/1/2/a.png',
    'http://127.0.0.1:4000/attachments/a.png',
  ])('%s is trusted', (url) => expect(policy(new URL(url))).toBe('trusted'));

  test.each([
    'http://cdn.discordapp.com/attachments/1/2/a.png',
    'https://cdn.discordapp.com:8443/a.png',
    'https://cdn.discordapp.com.evil.test/a.png',
    'https://evil.test/cdn.discordapp.com/a.png',
    'https://cdn.discordapp.com@evil.test/a.png',
    'https://user:password@cdn.discordapp.com/a.png',
    'http://127.0.0.1:4001/a.png',
    'https://127.0.0.1:4000/a.png',
    'file:///etc/passwd',
  ])('%s is forbidden', (url) => expect(policy(new URL(url))).toBe('forbidden'));

  test.each([
    ['https://cdn.discordapp.com/attachments/1/2/a.png', 'trusted'],
    ['https://media.discordapp.net/attachments/1/2/a.png', 'trusted'],
    ['https://discord.com/api/a.png', 'forbidden'],
    ['http://127.0.0.1:4000/a.png', 'forbidden'],
  ])("with Discord's own API only the CDN is trusted: %s is %s", (url, trust) => {
    expect(attachmentPolicy('https://discord.com/api')(new URL(url))).toBe(trust);
  });
});

describe('results', () => {
  const policy = resultPolicy('http://10.0.0.5:8080/base');

  test("the service's own origin is trusted wherever it is", () => {
    expect(policy(new URL('http://10.0.0.5:8080/files/a.png'))).toBe('trusted');
  });

  test.each([
    'https://cdn.test/a.png',
    'http://8.8.8.8/a.png',
    'https://[2606:4700::1]/a.png',
    'http://localhost/a.png', // a name: checked when it is looked up
  ])('%s may be tried at public addresses', (url) => expect(policy(new URL(url))).toBe('public'));

  test.each([
    'http://10.0.0.5/a.png',
    'http://10.0.0.5:8081/a.png',
    'https://10.0.0.5:8080/a.png',
    'http://127.0.0.1/a.png',
    'http://2130706433/a.png',
    'http://0x7f.1/a.png',
    'http://[::1]/a.png',
    'http://[::ffff:127.0.0.1]/a.png',
    'http://169.254.169.254/latest/meta-data',
    'http://name:password@cdn.test/a.png',
    'ftp://cdn.test/a.png',
    'data:image/png;base64,AA==',
  ])('%s is forbidden', (url) => expect(policy(new URL(url))).toBe('forbidden'));
});
