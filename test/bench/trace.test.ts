import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { replayTrace } from '../../bench/schedule/trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));

test('a history is replayed task by task, counted from the 21st of each kind; the last line is JSON', async () => {
  const tasks = Array.from({ length: 30 }, (_, index) => [
    { kind: 'steady', seconds: 41 + (index % 3) / 2 },
    { kind: 'nano-banana/1k', seconds: 7.5 },
  ]).flat();
  const lines = await linesOf([...tasks, { kind: 'rare', seconds: 1000 }]);
  expect(lines.slice(0, -1).map((line) => line.split(' | ').slice(0, 2))).toEqual([
    ['kind', 'tasks'],
    ['steady', '10'],
    ['nano-banana/1k', '10'],
  ]);
  const { learned, ...fixed } = JSON.parse(lines.at(-1) ?? '');
  expect(fixed).toEqual({
    fixed3: { wait: 0.975, queries: 8.5 },
    fixed5: { wait: 2.975, queries: 5.5 },
    fixed10: { wait: 5.475, queries: 3 },
  });
  expect(learned.wait).toBeLessThan(fixed.fixed3.wait);
  expect(learned.queries).toBeLessThan(fixed.fixed3.queries);
});

test.each([
  ['nothing is counted', [{ kind: 'a', seconds: 1 }], /no kind with more than 20 tasks/],
  ['it is no history', { kind: 'a' }, /must hold \[\{ "kind"/],
  ['a duration is none', [{ kind: 'a', seconds: -1 }], /0\.seconds/],
])('where %s, that is said', async (_, content, problem) => {
  await expect(linesOf(content)).rejects.toThrow(problem);
});

test('a file that is not there is named', async () => {
  await expect(replayTrace(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
});

async function linesOf(content: unknown): Promise<string[]> {
  const path = join(folder, 'trace.json');
  writeFileSync(path, JSON.stringify(content));
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await replayTrace(path);
    return print.mock.calls.map(([line]) => String(line));
  } finally {
    print.mockRestore();
  }
}
