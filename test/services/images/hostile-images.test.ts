import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { inspectImage, NotAnImageError } from '../../../src/services/images/inspect.ts';
import { prepareReference } from '../../../src/services/images/reference.ts';
import { hostileImages } from '../../support/hostile-images/corpus.ts';
import type { Report } from '../../support/hostile-images/decode-all.ts';
import { fileOf, noise } from '../../support/pictures.ts';

const DECODE_ALL = fileURLToPath(new URL('../../support/hostile-images/decode-all.ts', import.meta.url));
/** What decoding may take, and as much again for Node.js and for making the images. */
const MEMORY_MAX_MB = 1024;

const images = await hostileImages();
let report: Report;

// A process of its own: its memory is measured, and what brings a decoder down would take it along.
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [DECODE_ALL]);
  report = JSON.parse(stdout);
}, 180_000);

test.each(Object.entries(images))(
  '%s ends in what it should, whatever is done with it',
  (name, { becomes }) => {
    expect(report.became[name]).toEqual([becomes, becomes, becomes]);
  },
);

test('all of them at once take no more memory than there is set aside for pictures', () => {
  expect(report.peakMegabytes).toBeLessThan(MEMORY_MAX_MB);
});

test('the decoder has unlearned every format that the bot does not take', () => {
  for (const words of report.ofOtherFormats) expect(words).toContain('unsupported image format');
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a %s with bytes changed anywhere is an image or refused as none',
  async (format) => {
    const sound = await fileOf(noise(40, 30), format);
    const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changed) bytes[at] = value;
        for (const way of [inspectImage, prepareReference]) {
          const error = await way(bytes).then(
            () => null,
            (thrown: unknown) => thrown,
          );
          if (error !== null) expect(error).toBeInstanceOf(NotAnImageError);
        }
      }),
      { numRuns: 100 },
    );
  },
);
