import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './bot-on-sandbox.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Says everything back, and writes down what it hears. */
const echo = createServer({ allowHalfOpen: false }, (socket) => {
  served.push(socket);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    heard += bytes;
    if (socket.writable) socket.write(bytes);
  });
});
let served: Socket[] = [];
let heard = '';
let proxy: TcpProxy;
let clients: Socket[] = [];

beforeEach(async () => {
  [served, heard, clients] = [[], '', []];
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await startTcpProxy((echo.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  await once(echo.close(), 'close');
});

test('lets everything through', async () => {
  const { said } = await client('hello');
  await until(() => said() === 'hello');
});

test('a cut ends the connections of both sides, and the next gets through', async () => {
  const { socket } = await client('hello');
  await until(() => heard === 'hello');
  proxy.cut();
  await Promise.all([ended(socket), ended(served[0])]);
  const { said } = await client('again');
  await until(() => said() === 'again');
});

test('swallowed packets end nothing, and arrive once the network is back', async () => {
  const { socket, said } = await client('one');
  await until(() => said() === 'one');
  proxy.swallow();
  socket.write('two');
  const late = await client('three');
  proxy.restore();
  await until(() => said() === 'onetwo' && late.said() === 'three');
});

test('a server does not hear that a client left while packets are swallowed, and does afterwards', async () => {
  const { socket } = await client('hello');
  await until(() => heard === 'hello');
  proxy.swallow();
  socket.destroy();
  await ended(socket);
  expect(served[0]?.readyState).toBe('open');
  proxy.restore();
  await ended(served[0]);
});

test('a connection is cut before its server gets the words', async () => {
  proxy.cutAt('COMMIT', 'before');
  const { socket } = await client('COMMIT');
  await Promise.all([ended(socket), ended(await until(() => served[0]))]);
  expect(heard).toBe('');
});

test('a connection is cut once its server has the words, and before the answer', async () => {
  proxy.cutAt('COMMIT', 'after');
  const { socket, said } = await client('COMMIT');
  await Promise.all([ended(socket), until(() => heard === 'COMMIT')]);
  expect(said()).toBe('');
});

test('packets are swallowed once the server has the words, the answer among them', async () => {
  proxy.swallowAfter('INSERT');
  const { socket, said } = await client('INSERT');
  await until(() => heard === 'INSERT');
  socket.write('COMMIT');
  await client('anew');
  expect(said()).toBe('');
  expect(heard).toBe('INSERT');
  proxy.restore();
  await until(() => said() === 'INSERTCOMMIT');
});

test('where it refuses, what is connected ends, and so does what connects', async () => {
  const { socket } = await client('hello');
  proxy.refuse();
  await ended(socket);
  const next = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await ended(next);
  proxy.restore();
  const { said } = await client('back');
  await until(() => said() === 'back');
});

async function client(words: string): Promise<{ socket: Socket; said(): string }> {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  clients.push(socket);
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes;
  });
  await once(socket, 'connect');
  socket.write(words);
  return { socket, said: () => said };
}

async function ended(socket: Socket | undefined): Promise<void> {
  await until(() => socket?.destroyed);
}
