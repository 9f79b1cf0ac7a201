import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isPublicAddress, publicLookup } from '../../../src/services/images/address.ts';

test.each(['93.184.215.14', '8.8.8.8', '::ffff:8.8.8.8', '2606:4700:4700::1111', '2a00:1450:4001:830::200e'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '::7f00:1',
  '4000::1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2001:0:4136:e378::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  // Azure's, however it is spelt.
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '::ffff:a83f:8110',
  '0xa83f8110',
  '2822734096',
  '64:ff9b::a83f:8110',
  '2002:a83f:8110::',
  // Those of IBM's, Alibaba's, Oracle's, Amazon's and Google's clouds.
  '161.26.0.10',
  '166.9.250.1',
  '100.100.100.200',
  '192.0.0.192',
  '169.254.170.2',
  'fd00:ec2::254',
  'fd20:ce::254',
  'not an address',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

test.each([
  ['its own address', '93.184.215.14', false],
  ['its own address, mapped', '::ffff:93.184.215.14', false],
  ['the one beside it', '93.184.215.15', true],
  ['a device in its IPv6 network', '2a00:1450:4001:830:1234::1', false],
  ['the network beside it', '2a00:1450:4001:831::1', true],
])('of a machine with public addresses, %s: %s', (_, address, isPublic) => {
  const own = ['127.0.0.1', '93.184.215.14', 'fe80::1/64', '2a00:1450:4001:830::200e/64'];
  expect(isPublicAddress(address, own)).toBe(isPublic);
});

describe('publicLookup', () => {
  const resolvesTo =
    (...addresses: string[]): LookupFunction =>
    (_, __, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  const lookUp = (lookup: LookupFunction, all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      publicLookup(lookup)('name.test', { all }, (error, found) => (error ? reject(error) : resolve(found)));
    });

  test('hands on the public addresses only', async () => {
    const mixed = resolvesTo('127.0.0.1', '8.8.8.8', '::1', '2606:4700::1');
    await expect(lookUp(mixed, true)).resolves.toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    await expect(lookUp(mixed, false)).resolves.toBe('8.8.8.8');
  });

  test.each([true, false])('fails where no address is public (all: %s)', async (all) => {
    await expect(lookUp(resolvesTo('10.0.0.1', '::1'), all)).rejects.toThrow('no public address');
    await expect(lookUp(resolvesTo(), all)).rejects.toThrow('no public address');
  });

  test('checks a resolver that answers with a single address', async () => {
    await expect(lookUp((_, __, callback) => callback(null, '127.0.0.1', 4), false)).rejects.toThrow(
      'no public address',
    );
  });

  test('passes on that a name does not exist', async () => {
    const missing: LookupFunction = (_, __, callback) => callback(new Error('ENOTFOUND'), []);
    await expect(lookUp(missing, true)).rejects.toThrow('ENOTFOUND');
  });
});
