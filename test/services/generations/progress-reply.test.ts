import { pino } from 'pino';
import { expect, test } from 'vitest';
import { renderGeneration } from '../../../src/commands/generation.view.ts';
import { en } from '../../../src/commands/text/en.ts';
import type { ReplyMessage } from '../../../src/services/discord/reply-message.ts';
import { Job } from '../../../src/services/generations/job.ts';
import type { JobImages } from '../../../src/services/generations/job-images.ts';
import { type ProgressDeps, ProgressReply } from '../../../src/services/generations/progress-reply.ts';
import { EDIT_INTERVAL_MS } from '../../../src/services/reporting/reporter.ts';
import { generationRow, HELD, NOW, taskRow } from '../rows.ts';

test('nothing but time moves the bar of an image that takes a minute, and then says that it takes longer', async () => {
  const reply = watched();
  await reply.goOnUntil(120_000);
  const bars = reply.shown.map((text) => /about (\d+)%/.exec(text)?.[1] ?? null);
  expect(bars).toEqual([null, '20', '40', '60', '80', '80', '80']);
  expect(reply.shown.at(-2)).toContain(en.soon);
  expect(reply.shown.at(-1)).toContain(en.overdue);
});

test('however often the service reports, and whatever is expected then, a reply is edited eight times at most', async () => {
  const reply = watched();
  for (let second = 3; second < 300; second += 3) {
    await reply.goOnUntil(second * 1000);
    reply.task.progress = { percent: Math.min(99, second), at: reply.now() };
    reply.task.readyAt = reply.now() + (second % 2 === 0 ? 5000 : 40_000);
  }
  expect(reply.shown.length).toBeGreaterThan(4);
  expect(reply.shown.length).toBeLessThanOrEqual(8);
});

test('what is more than progress is shown all the same', async () => {
  const reply = watched();
  for (let second = 3; second < 60; second += 3) {
    reply.task.progress = { percent: second, at: reply.now() };
    await reply.goOnUntil(second * 1000);
  }
  reply.task.trouble = 'unreachable';
  await reply.goOnUntil(70_000);
  expect(reply.shown.at(-1)).toContain(en.trouble.unreachable);
  reply.task.trouble = null;
  await reply.goOnUntil(80_000);
  expect(reply.shown.at(-1)).not.toContain(en.trouble.unreachable);
});

/** A reply for one image, expected in a minute; looked at ten times a second, and edited as often as it may be. */
function watched() {
  let now = NOW;
  let editedAt = Number.NEGATIVE_INFINITY;
  const shown: string[] = [];
  const row = taskRow({ state: 'running', submittedAt: NOW });
  const context = { ledger: { save: async () => true }, log: pino({ level: 'silent' }) };
  const signal = new AbortController().signal;
  const job = new Job(
    { generation: generationRow(), references: [], tasks: [row] },
    { ...context, lease: HELD, stopping: signal, halt: signal, isCancelled: false, defer: null },
  );
  const [task] = job.tasks;
  if (!task) throw new Error('there is one task');
  task.readyAt = NOW + 60_000;
  const deps = {
    now: () => now,
    render: renderGeneration,
    ledger: { generations: { setMessage: async () => undefined } },
    replies: {
      async edit(_: unknown, { embeds }: ReplyMessage) {
        shown.push(embeds[0]?.description ?? '');
        return { id: 'message', channelId: '5', attachmentIds: [], notified: false };
      },
    },
  } as unknown as ProgressDeps;
  const images = { putAside: () => undefined, spillAll: () => undefined } as unknown as JobImages;
  const reply = new ProgressReply(job, images, deps);
  return {
    task,
    shown,
    now: () => now,
    async goOnUntil(ageMs: number) {
      for (; now < NOW + ageMs; now += 100) {
        const progress = reply.render();
        const text = progress?.view.embeds[0]?.description;
        if (!progress || text === shown.at(-1) || now - editedAt < EDIT_INTERVAL_MS) continue;
        editedAt = now;
        await reply.edit(progress, signal);
      }
    },
  };
}
