import { expect, test } from 'vitest';
import { renderGeneration } from '../../src/commands/generation.view.ts';
import type { Generation, Task } from '../../src/services/ledger/rows.ts';
import type { JobState } from '../../src/services/runner/index.ts';

const NOW = 1_700_000_000_000;
/** A request that takes 15 seconds as a rule. */
const quick = { resolution: '1k', quality: null } as const;

test('before the service begins, the reply says that it waits', () => {
  expect(shown({ state: 'running' })).toMatch(/Waiting for the image service/);
});

test('progress is a bar with percent, elapsed time and an estimate that Discord counts by itself', () => {
  const text = shown(
    { state: 'running', submittedAt: NOW - 5000 },
    { progress: { percent: 50, at: NOW + 2500 }, begun: true },
    quick,
  );
  expect(text).toContain('▰▰▰▰▰▰▱▱▱▱▱▱ 50%');
  expect(text).toContain('started <t:1699999995:R> · ready <t:1700000010:R>');
});

test('where the service says nothing of progress, no percentage is invented', () => {
  const text = shown({ state: 'running', submittedAt: NOW }, { begun: true });
  expect(text).toContain('being made');
  expect(text).not.toContain('%');
});

test('an estimate that has passed is not repeated', () => {
  const text = shown(
    { state: 'running', submittedAt: NOW - 60_000 },
    { progress: { percent: 90, at: NOW - 50_000 }, begun: true },
    quick,
  );
  expect(text).toContain('taking longer than usual');
  expect(text).not.toContain('ready <t:');
});

test('the finished reply is the prompt, and under it the settings and the duration', () => {
  const state = stateOf(
    { state: 'completed', submittedAt: NOW - 75_000, endedAt: NOW },
    {},
    { stage: 'final' },
  );
  const [embed] = renderGeneration(state, NOW).embeds;
  expect(embed?.description).toBe('a \\*fox\\*');
  expect(embed?.footer?.text).toBe('GPT Image 2 · 16:9 · 4K · High · 1 min 15 s');
});

test('a quality that the model does not have is named as not sent', () => {
  const text = shown({ state: 'running' }, {}, { model: 'nano-banana-2' });
  expect(text).toContain('Nano Banana 2 has no quality setting, so yours was not sent.');
});

test('a failure is one sentence, the words of the service as a quote, and a number that is in the log', () => {
  const text = shown({ state: 'failed', reason: 'content-policy', serviceWords: '**unsafe** @everyone' });
  expect(text).toMatch(/content policy refused this: change the prompt/);
  expect(text).toContain('> \\*\\*unsafe\\*\\* \\@everyone');
  expect(text).toContain('-# Reference number 89abcdef');
});

test('a reference that can not be used is named', () => {
  const text = shown({ state: 'refused', reason: 'reference-not-an-image', serviceWords: 'my_notes.png' });
  expect(text).toMatch(/my\\_notes\.png is not an image.*Nothing was charged/);
  expect(text).not.toContain('> ');
});

test('what was done to fit the upload limit is said, with a link to the original', () => {
  const task = { state: 'completed', imageUrl: 'https://x.example/1.png' } as const;
  const text = shown(task, { change: { kind: 'webp-quality', quality: 90 } }, {}, { stage: 'final' });
  expect(text).toContain('compressed to WebP at quality 90');
  expect(text).toContain('[Original](https://x.example/1.png)');
});

test('a restart says that the image will come', () => {
  expect(shown({ state: 'running' }, {}, {}, { stage: 'restarting' })).toMatch(
    /restarting.*the image will appear here/,
  );
});

test.each([
  ['a long prompt', 'word '.repeat(800)],
  ['a prompt of combining characters', `a${'\u0301'.repeat(3999)}`],
  ['a prompt of characters to escape', '*'.repeat(4000)],
])('%s stays within Discord’s limits', (_, prompt) => {
  const state = stateOf(
    { state: 'failed', reason: 'model-failed', serviceWords: '*'.repeat(5000) },
    {},
    {},
    { prompt },
  );
  const [embed] = renderGeneration(state, NOW).embeds;
  expect(embed?.description?.length).toBeLessThanOrEqual(4096);
});

test('a running task looks the same from one moment to the next, so that nothing is edited for nothing', () => {
  const state = stateOf(
    { state: 'running', submittedAt: NOW - 5000 },
    { progress: { percent: 40, at: NOW }, begun: true },
  );
  expect(renderGeneration(state, NOW + 900)).toEqual(renderGeneration(state, NOW));
});

function shown(
  row: Partial<Task>,
  live: Partial<JobState['tasks'][number]> = {},
  request: Partial<Generation['request']> = {},
  state: Partial<JobState> = {},
): string {
  return renderGeneration(stateOf(row, live, state, request), NOW).embeds[0]?.description ?? '';
}

function stateOf(
  row: Partial<Task>,
  live: Partial<JobState['tasks'][number]> = {},
  state: Partial<JobState> = {},
  request: Partial<Generation['request']> = {},
): JobState {
  const generation: Generation = {
    id: '0190b6a0-0000-7000-8000-012389abcdef',
    parentId: null,
    cancelRequestedAt: null,
    interactionId: '1',
    applicationId: '2',
    token: 'token',
    userId: '3',
    guildId: '4',
    channelId: '5',
    message: null,
    tokenAt: NOW - 10_000,
    private: false,
    locale: 'en-US',
    attachmentSizeLimit: 1,
    createdAt: NOW - 10_000,
    acknowledgedAt: NOW,
    settledAt: null,
    request: {
      prompt: 'a *fox*',
      model: 'gpt-image-2',
      ratio: '16:9',
      resolution: '4k',
      quality: 'high',
      ...request,
    },
  };
  const task: Task = {
    id: 't',
    generationId: generation.id,
    state: 'running',
    serviceTaskId: 's',
    imageUrl: null,
    imageFile: null,
    reason: null,
    serviceWords: null,
    submittedAt: null,
    watchedSince: row.submittedAt ?? null,
    endedAt: null,
    ...row,
  };
  return {
    generation,
    references: 0,
    tasks: [{ row: task, progress: null, begun: false, change: null, ...live }],
    trouble: null,
    cancelling: false,
    stage: 'working',
    ...state,
  };
}
