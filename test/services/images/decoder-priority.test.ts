import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** In a process of its own: a priority that was lowered can't be raised again. */
const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { stat } from 'node:fs/promises';
  import { letDecodersGiveWay } from './src/services/images/decoder-priority.ts';
  import { pino } from 'pino';
  import sharp from 'sharp';
  await stat('.');
  const reached = letDecodersGiveWay(pino());
  await sharp({ create: { width: 500, height: 500, channels: 3, background: '#888' } }).png().toBuffer();
  const read = (id, file) => readFileSync('/proc/self/task/' + id + '/' + file, 'utf8');
  const niceOf = (id) => Number(read(id, 'stat').split(') ')[1].split(' ')[16]);
  const ids = reached > 0 ? readdirSync('/proc/self/task') : [];
  const decoding = ids.filter((id) => /^lib(uv|vips)/.test(read(id, 'comm'))).map(niceOf);
  console.log(JSON.stringify({ reached, decoding: [...new Set(decoding)], main: ids.map(niceOf)[0] ?? null }));
`;

test('the threads that decode have a lower priority than the one that answers, where the system has one for each', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
  const isLinux = process.platform === 'linux';
  expect(JSON.parse(stdout)).toEqual(
    isLinux ? { reached: 4, decoding: [10], main: 0 } : { reached: 0, decoding: [], main: null },
  );
});
