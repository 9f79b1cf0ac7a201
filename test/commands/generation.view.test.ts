import { expect, test } from 'vitest';
import { renderGeneration, renderNotice } from '../../src/commands/generation.view.ts';
import { textFor } from '../../src/commands/text/index.ts';
import type { JobState } from '../../src/services/generations/job.ts';
import type { Task } from '../../src/services/ledger/rows.ts';
import type { ImageRequest } from '../../src/services/request/request.ts';
import { generationRow, jobState, liveTask, NOW } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

/** A request that takes 15 seconds as a rule. */
const quick = { resolution: '1k', quality: null } as const;

test('before the service begins, the reply says that it waits', () => {
  expect(shown({ state: 'running' }, { said: 'waiting' })).toMatch(/Waiting for the image service/);
});

test('progress is a bar with percent, elapsed time and an estimate that Discord counts by itself', () => {
  const text = shown(
    { state: 'running', submittedAt: NOW - 5000 },
    { progress: { percent: 50, at: NOW + 2500 }, said: 'running', readyAt: NOW + 10_000 },
    quick,
  );
  expect(text).toContain('▰▰▰▰▰▰▱▱▱▱▱▱ 50%');
  expect(text).toContain('started <t:1699999995:R> · expected <t:1700000010:R>');
});

test('where the service says nothing of progress, no percentage is invented', () => {
  const text = shown({ state: 'running', submittedAt: NOW }, { said: 'running' });
  expect(text).toContain('being made');
  expect(text).not.toContain('%');
});

test('an estimate that has passed is not repeated', () => {
  const text = shown(
    { state: 'running', submittedAt: NOW - 60_000 },
    { progress: { percent: 90, at: NOW - 50_000 }, said: 'running', readyAt: NOW - 60_000 },
    quick,
  );
  expect(text).toContain('taking longer than usual');
  expect(text).not.toContain('expected <t:');
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
  const text = ended({ state: 'failed', reason: 'content-policy', serviceWords: '**unsafe** @everyone' });
  expect(text).toMatch(/content policy doesn’t allow this: change the prompt/);
  expect(text).toContain('> \\*\\*unsafe\\*\\* \\@everyone');
  expect(text).toContain('-# Reference number 89abcdef');
});

test('a reference that cannot be used is named', () => {
  const text = ended({ state: 'refused', reason: 'reference-not-an-image', serviceWords: '2' });
  expect(text).toMatch(/Reference image 2 is not an image.*Nothing was charged/);
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
    { stage: 'final' },
    { prompt },
  );
  const [embed] = renderGeneration(state, NOW).embeds;
  expect(embed?.description?.length).toBeLessThanOrEqual(4096);
});

test('a running task looks the same from one moment to the next, so that nothing is edited for nothing', () => {
  const state = stateOf(
    { state: 'running', submittedAt: NOW - 5000 },
    { progress: { percent: 40, at: NOW }, said: 'running' },
  );
  expect(renderGeneration(state, NOW + 900)).toEqual(renderGeneration(state, NOW));
});

test('of several images, each one that had to be changed is named with what was done to it', () => {
  const tasks = [1, 2].map((number) =>
    liveTask(
      { state: 'completed', imageUrl: `https://x.example/${number}.png` },
      { change: number === 1 ? null : { kind: 'lossless-webp' } },
    ),
  );
  const text = descriptionOf(renderGeneration(jobState(tasks, { stage: 'final' }), NOW));
  expect(text).toContain('-# Image 2: The original file was too large');
  expect(text).toContain('https://x.example/2.png');
  expect(text).not.toContain('Image 1');
});

test('what it was made from is linked, while it is made and afterwards', () => {
  const generation = generationRow({ parentUrl: 'https://discord.com/channels/@me/1/2' });
  for (const stage of ['working', 'final'] as const) {
    expect(shown({ state: 'completed' }, {}, {}, { generation, stage })).toContain(
      '-# Made from [this message](https://discord.com/channels/@me/1/2).',
    );
  }
});

test('where Discord’s header does not name the person, the reply does, unless only they see it', () => {
  const shownBy = (columns: object) =>
    shown({ state: 'completed' }, {}, {}, { generation: generationRow(columns), stage: 'final' });
  expect(shownBy({ named: false })).toContain('-# by <@3>');
  expect(shownBy({})).not.toContain('<@3>');
  expect(shownBy({ named: false, private: true })).not.toContain('<@3>');
});

const MINUTE_MS = 60_000;
const unmoved = { lasting: false, tokenAt: NOW - MINUTE_MS };

test.each([
  ['in a line that nobody knows the length of', unmoved, {}, { place: { number: 2, among: 'all' } }],
  ['in trouble that nobody knows the end of', unmoved, { trouble: 'unreachable' }, {}],
  ['expected late', unmoved, { readyAt: NOW + 10 * MINUTE_MS }, {}],
  ['asked for long ago', { lasting: false, tokenAt: NOW - 8 * MINUTE_MS }, {}, {}],
] as const)('where the bot can not stay, that is said of an image that is %s', (_, columns, live, state) => {
  const generation = generationRow(columns);
  expect(shown({ state: 'running' }, live, {}, { generation, ...state })).toContain(`-# ${en.notLasting}`);
  expect(shown({ state: 'running' }, live, {}, { ...state, generation: generationRow() })).not.toContain(
    en.notLasting,
  );
});

test('of an image that is expected long before that, or is there, it is not said', () => {
  const generation = generationRow(unmoved);
  expect(shown({ state: 'running' }, { readyAt: NOW + 5000 }, {}, { generation })).not.toContain(
    en.notLasting,
  );
  expect(shown({ state: 'running' }, {}, {}, { generation })).not.toContain(en.notLasting);
  expect(shown({ state: 'completed' }, {}, {}, { generation, stage: 'final' })).not.toContain(en.notLasting);
});

test('the buttons are those of the stage; none while the bot itself cannot go on', () => {
  const actions = (row: Partial<Task>, stage: JobState['stage']) =>
    actionsOf(renderGeneration(stateOf(row, {}, { stage }, { resolution: '2k' }), NOW));
  expect(actions({ state: 'running' }, 'working')).toEqual(['cancel']);
  expect(actions({ state: 'completed' }, 'final')).toEqual([
    'again',
    'again',
    'edit',
    'vary-strong',
    'vary-subtle',
    'reference',
    'larger',
    'star',
    'delete',
  ]);
  expect(actions({ state: 'running' }, 'restarting')).toEqual([]);
  expect(actions({ state: 'running' }, 'broken')).toEqual([]);
});

test('where the bot itself failed, there is a number to find it by', () => {
  expect(shown({ state: 'running' }, {}, {}, { stage: 'broken' })).toContain('-# Reference number 89abcdef');
});

test('a request that was under way when the bot restarts is not said to go on for certain', () => {
  const state = jobState([liveTask(), liveTask({ state: 'submitting' })], { stage: 'restarting' });
  expect(descriptionOf(renderGeneration(state, NOW))).toContain(en.restartUncertain);
});

test('the reply is in the language of whoever asked', () => {
  const generation = generationRow({ locale: 'zh-CN' });
  const view = renderGeneration(
    stateOf({ state: 'failed', reason: 'credit' }, {}, { generation, stage: 'final' }),
    NOW,
  );
  const zhCN = textFor('zh-CN');
  expect(descriptionOf(view)).toContain(zhCN.ended.credit);
  const { retry, edit, delete: remove } = zhCN.button;
  expect(buttonsOf(view).map(({ label }) => label)).toEqual([retry, edit, remove]);
});

test.each(Object.entries(longPrompts))(
  'four images of %s stay within Discord’s limits, however they end',
  (_, prompt) => {
    const parentUrl = `https://discord.com/channels${'/1234567890123456789'.repeat(3)}`;
    for (const [locale] of languages) {
      const generation = generationRow({ locale, named: false, parentUrl, request: { prompt, count: 4 } });
      for (const tasks of [200, 450, 690, 980].flatMap(endsWithLinksOf)) {
        for (const stage of ['working', 'final', 'broken', 'restarting'] as const) {
          expect(messageProblems(renderGeneration(jobState(tasks, { generation, stage }), NOW))).toEqual([]);
        }
      }
    }
  },
);

test('a notice says whether there is an image, and where', () => {
  const place = { id: '6', channelId: '5' };
  for (const state of ['completed', 'delivered'] as const) {
    const there = jobState([liveTask({ state: 'failed' }), liveTask({ state })]);
    expect(renderNotice(there, place), state).toBe('Your image is ready: https://discord.com/channels/4/5/6');
  }
  expect(renderNotice(jobState([liveTask({ state: 'failed' })]), place)).toMatch(
    /without an image.*channels\/4\/5\/6$/,
  );
  const hidden = jobState([liveTask({ state: 'completed' })], {
    generation: generationRow({ private: true }),
  });
  expect(renderNotice(hidden, place)).toBe('Your image is ready.');
});

/** Ends of four images about which there is much to say, with addresses of this length. */
function endsWithLinksOf(length: number) {
  const imageUrl = 'https://x.example/'.padEnd(length, 'a');
  const change = { kind: 'smaller', width: 16_000, height: 16_000 } as const;
  const compressed = liveTask({ state: 'completed', imageUrl }, { change: change });
  const lost = liveTask({ state: 'undeliverable', reason: 'image-unreachable', imageUrl });
  const failed = [1, 2, 3, 4].map((number) =>
    liveTask({ state: 'failed', reason: 'model-failed', serviceWords: `${number}${'*'.repeat(5000)}` }),
  );
  return [
    [compressed, compressed, compressed, compressed],
    [lost, lost, lost, compressed],
    [lost, lost, lost, lost],
    [...failed.slice(2), compressed, compressed],
    failed,
  ];
}

/** What the last word says. */
function ended(row: Partial<Task>): string {
  return shown(row, {}, {}, { stage: 'final' });
}

function shown(
  row: Partial<Task>,
  live: Parameters<typeof liveTask>[1] = {},
  request: Partial<ImageRequest> = {},
  state: Partial<JobState> = {},
): string {
  return renderGeneration(stateOf(row, live, state, request), NOW).embeds[0]?.description ?? '';
}

function stateOf(
  row: Partial<Task>,
  live: Parameters<typeof liveTask>[1] = {},
  state: Partial<JobState> = {},
  request: Partial<ImageRequest> = {},
): JobState {
  return jobState([liveTask(row, live)], { ...state, request });
}
