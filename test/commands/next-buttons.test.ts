import { expect, test } from 'vitest';
import type { ButtonLook } from '../../src/commands/components.ts';
import { decodeCustomId } from '../../src/commands/custom-id.ts';
import { createHandlers } from '../../src/commands/index.ts';
import { buttonsWhileWaiting, nextRows } from '../../src/commands/next-buttons.ts';
import type { EndReason, Task, TaskState } from '../../src/services/ledger/rows.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import type { ImageRequest } from '../../src/services/request/request.ts';
import { TOOLS, type Tool } from '../../src/services/request/tools.ts';
import { generationRow, imageRow, jobState, liveTask, taskRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { en, languages } from './views.ts';

const handlers = createHandlers(MODEL_IDS);

const twoK = { ratio: '16:9', resolution: '2k' } as const;

test('under an image is what makes something new of it, in the order of use, and the way to take it away', () => {
  expect(rows([imageRow()], twoK, TOOLS)).toEqual([
    ['Again', 'Again ×4', 'Edit prompt', 'Vary (strong)', 'Vary (subtle)'],
    ['Upscale', 'Remove background', 'Use as reference', 'Redraw in 4K'],
    ['Star', 'Delete'],
  ]);
  expect(rows([imageRow()], twoK)).toEqual([
    ['Again', 'Again ×4', 'Edit prompt', 'Vary (strong)', 'Vary (subtle)'],
    ['Use as reference', 'Redraw in 4K', 'Star', 'Delete'],
  ]);
});

test('under the picture of a tool are the other tools and what goes on from it, but nothing that draws it again', () => {
  const tool = { name: 'upscale', factor: 2 } as const;
  expect(rows([imageRow()], { ...twoK, tool }, TOOLS)).toEqual([
    ['Remove background', 'Use as reference', 'Star', 'Delete'],
  ]);
});

test('under several images each has its number in two rows: one shows it alone, one varies it', () => {
  const refused = taskRow({ state: 'failed', reason: 'model-failed' });
  const rest = ['Again', 'Again ×1', 'Edit prompt', 'Star', 'Delete'];
  expect(rows([imageRow(), imageRow()], twoK)).toEqual([['U1', 'U2'], ['V1', 'V2'], rest]);
  expect(rows([imageRow(), refused, imageRow(), imageRow()], twoK)).toEqual([
    ['U1', 'U3', 'U4'],
    ['V1', 'V3', 'V4'],
    rest,
  ]);
  expect(rows([refused, imageRow()], twoK)[0]).toContain('Vary (strong)');
});

test('a larger size is offered where the model makes one in this shape', () => {
  expect(labels([imageRow()], { ...twoK, resolution: '1k' })).toContain('Redraw in 2K');
  expect(labels([imageRow()], { ...twoK, resolution: '4k' })).not.toContain('Redraw in 4K');
  expect(labels([imageRow()], { ...twoK, ratio: '1:1' })).not.toContain('Redraw in 4K');
});

test.each([
  ['content-policy', ['Edit prompt', 'Delete']],
  ['parameters', ['Edit prompt', 'Delete']],
  ['model-unavailable', ['Edit prompt', 'Delete']],
  ['model-failed', ['Try again', 'Edit prompt', 'Delete']],
  ['unavailable', ['Try again', 'Edit prompt', 'Delete']],
  ['rate-limited', ['Try again', 'Edit prompt', 'Delete']],
  ['cancelled-unsent', ['Try again', 'Edit prompt', 'Delete']],
  ['credit', ['Try again', 'Edit prompt', 'Delete']],
  ['authentication', ['Try again', 'Edit prompt', 'Delete']],
] satisfies [EndReason, string[]][])('without an image because of %s, there is %j', (reason, expected) => {
  const task = taskRow({ state: 'failed', reason, serviceTaskId: null });
  expect(labels([task])).toEqual(expected);
  expect(labels([task, task])).toEqual(expected);
});

test.each([
  ['what took too long', taskRow({ state: 'expired', reason: 'deadline' })],
  ['an image that is not there yet', taskRow({ state: 'undeliverable', reason: 'image-gone' })],
  ['half an image', taskRow({ state: 'undeliverable', reason: 'image-broken' })],
  ['an image that could not be fetched', taskRow({ state: 'undeliverable', reason: 'image-unreachable' })],
  ['an image that is too large for the place', taskRow({ state: 'undeliverable', reason: 'too-large' })],
])('%s can be checked again, instead of being paid for again', (_, task) => {
  expect(labels([task])).toEqual(['Check again', 'Edit prompt', 'Delete']);
});

test('an image that the service no longer keeps can only be made again', () => {
  expect(labels([taskRow({ state: 'undeliverable', reason: 'image-expired' })])).toEqual([
    'Try again',
    'Edit prompt',
    'Delete',
  ]);
});

test('a refusal by policy that may have been charged offers another prompt, and not the same once more', () => {
  const unclear = { state: 'unconfirmed', reason: 'outcome-unknown', serviceTaskId: null } as const;
  expect(labels([taskRow({ ...unclear, serviceWords: '模型配置不存在' })])).toEqual([
    'Edit prompt',
    'Delete',
  ]);
  expect(labels([taskRow({ ...unclear, serviceWords: 'content_policy_violation' })])).toEqual([
    'Edit prompt',
    'Delete',
  ]);
  expect(labels([taskRow({ ...unclear, serviceWords: 'bad gateway' })])).toEqual([
    'Try again',
    'Edit prompt',
    'Delete',
  ]);
});

test('a reference that can not be used can be left out; one that was out of reach can be tried again, too', () => {
  const refused = { state: 'refused', serviceTaskId: null, serviceWords: '2 HEIC' } as const;
  expect(labels([taskRow({ ...refused, reason: 'reference-unsupported' })])).toEqual([
    'Leave it out',
    'Edit prompt',
    'Delete',
  ]);
  const away = taskRow({ ...refused, serviceWords: '1', reason: 'reference-unavailable' });
  expect(labels([away])).toEqual(['Try again', 'Leave it out', 'Edit prompt', 'Delete']);
  const unknown = taskRow({ ...refused, serviceWords: 'fox.png', reason: 'reference-too-large' });
  expect(labels([unknown])).toEqual(['Edit prompt', 'Delete']);
});

test.each(Object.keys(en.ended) as EndReason[])(
  'whatever it ended by, there is a way back to the prompt: %s',
  (reason) => {
    expect(labels([endedBy(reason)])).toContain('Edit prompt');
  },
);

test('one that was cancelled after it was sent can be fetched after all, or asked for differently', () => {
  expect(labels([taskRow({ state: 'cancelled', reason: 'cancelled-sent' })])).toEqual([
    'Get it anyway',
    'Edit prompt',
    'Delete',
  ]);
});

test('where some images are there, those that are not can be checked, and nothing is offered to be paid twice', () => {
  const lost = taskRow({ state: 'undeliverable', reason: 'image-unreachable' });
  const refused = taskRow({ state: 'failed', reason: 'model-failed' });
  expect(labels([imageRow(), lost], twoK)[0]).toBe('Check again');
  expect(labels([imageRow(), lost], twoK)).toContain('Again');
  expect(labels([imageRow(), refused], twoK)).not.toContain('Try again');
});

test.each(Object.keys(en.ended) as EndReason[])('what %s says can be done has its button', (reason) => {
  for (const [locale, text] of languages) {
    const generation = generationRow({ request: { count: 1 } });
    const buttons = idsIn(nextRows({ generation, tasks: [endedBy(reason)] }, text)).map((id) => id?.action);
    for (const [action, words] of Object.entries(SAID[locale] ?? {})) {
      if (words.test(text.ended[reason])) expect(buttons, `${locale} ${reason}`).toContain(action);
    }
  }
});

/** How a text says that something can be done. */
const SAID: Record<string, Partial<Record<ButtonLook['action'], RegExp>>> = {
  'en-US': {
    retry: /(?<!change .*)try again/i,
    check: /check again/i,
    edit: /change (it|the prompt)|“edit prompt”/i,
  },
  'zh-CN': { retry: /(?<!修改.*)重试|再试/, check: /再次检查/, edit: /修改/ },
};

/** A task as it is once it has ended like this. */
function endedBy(reason: EndReason): Task {
  const [, state] = STATES.find(([those]) => those.test(reason)) ?? [];
  const wasTaken = state !== 'refused' && state !== 'unconfirmed' && reason !== 'cancelled-unsent';
  return taskRow({ state: state ?? 'refused', reason, serviceTaskId: wasTaken ? 's' : null });
}

const STATES: readonly [RegExp, TaskState][] = [
  [/^(content-policy|model-failed|task-unknown)$/, 'failed'],
  [/^deadline$/, 'expired'],
  [/^outcome-unknown$/, 'unconfirmed'],
  [/^cancelled-/, 'cancelled'],
  [/^(image-|too-large$|discord-refused$|nowhere-)/, 'undeliverable'],
];

test('no other text names a button that its message lacks', () => {
  const { ended: _, button: __, ...rest } = en;
  const said = JSON.stringify(rest) + [en.limit, en.refusal, en.problem, en.noImageThere].join('');
  expect(said).not.toMatch(/(?<!is being )(?<!It )\b(try|check) again/i);
});

test('however many there are, no row has more than five', () => {
  const late = taskRow({ state: 'expired', reason: 'deadline' });
  for (const [, text] of languages) {
    for (const tasks of [
      [imageRow(), late],
      [imageRow(), imageRow(), imageRow(), late],
    ]) {
      const components = nextRows({ generation: generationRow({ request: twoK }), tasks }, text, TOOLS);
      expect(components.length).toBeGreaterThan(1);
      expect(messageProblems({ content: '', embeds: [], components })).toEqual([]);
    }
  }
});

test('what waits can be cancelled once; what the service has begun is only no longer waited for', () => {
  const done = liveTask({ state: 'completed' });
  const cancelling = { cancelling: true };
  const unsent = liveTask({ state: 'reserved' });
  expect(waiting(jobState([unsent]))).toEqual(['Cancel']);
  expect(waiting(jobState([done, unsent]))).toEqual(['Cancel']);
  expect(waiting(jobState([unsent, liveTask()]))).toEqual(['Stop waiting']);
  expect(waiting(jobState([done, liveTask()], cancelling))).toEqual([]);
  expect(waiting(jobState([done]))).toEqual([]);
});

test('every button leads to something that is there, about this generation', () => {
  const known = handlers.buttons.map(({ action }) => action);
  const ends = [
    [imageRow()],
    [imageRow(), imageRow()],
    [taskRow({ state: 'expired' })],
    [taskRow({ state: 'failed', reason: 'model-failed' })],
  ];
  const generation = generationRow({ request: twoK });
  const ids = ends.flatMap((tasks) => idsIn(nextRows({ generation, tasks }, en, TOOLS)));
  for (const id of [...ids, ...buttonsWhileWaiting(jobState([liveTask()]), en)]) {
    expect(known).toContain(id?.action);
    expect(id?.subject).toBe(generation.id);
  }
});

test.each(Object.entries(en.ended))('what is said of %s to press is there to be pressed', (reason, words) => {
  const stateAt = { deadline: 'expired', 'cancelled-sent': 'cancelled' } as const;
  const isOfImage = reason.startsWith('image-') || reason === 'too-large';
  const state = stateAt[reason as keyof typeof stateAt] ?? (isOfImage ? 'undeliverable' : 'failed');
  const offered = labels([taskRow({ state, reason: reason as EndReason })]);
  if (/check again/.test(words)) expect(offered).toContain('Check again');
  const isRetry = /try again/.test(words) && !/change .* and try again/.test(words);
  if (isRetry) expect(offered).toContain('Try again');
});

function rows(
  tasks: readonly Task[],
  request: Partial<ImageRequest> = {},
  tools: readonly Tool[] = [],
): string[][] {
  const generation = generationRow({ request: { count: tasks.length, ...request } });
  return nextRows({ generation, tasks }, en, tools).map(({ components }) =>
    components.map((part) => ('label' in part ? String(part.label) : '')),
  );
}

function labels(tasks: readonly Task[], request: Partial<ImageRequest> = {}): string[] {
  return rows(tasks, request).flat();
}

function idsIn(rows: ReturnType<typeof nextRows>) {
  return rows.flatMap(({ components }) =>
    components.map((part) => decodeCustomId('custom_id' in part ? part.custom_id : '')),
  );
}

function waiting(state: ReturnType<typeof jobState>): string[] {
  return buttonsWhileWaiting(state, en).map(({ label }) => label);
}
