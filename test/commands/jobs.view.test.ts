import { expect, test } from 'vitest';
import { renderJobs } from '../../src/commands/jobs.view.ts';
import type { StoredGeneration } from '../../src/services/ledger/generations.ts';
import type { Generation, Task } from '../../src/services/ledger/rows.ts';
import { generationRow, imageRow, NOW, taskRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const LOST: Partial<Task> = {
  state: 'undeliverable',
  reason: 'nowhere-to-deliver',
  imageUrl: 'https://x.example/1.png',
};

test('one image is its state, its time and the way to it, under what goes on or what is over', () => {
  expect(linesOf(storedWith([imageRow()]))).toEqual([
    '**Finished**',
    '✅ a \\*fox\\*',
    '-# delivered · <t:1699999990:R> · [jump to it](https://discord.com/channels/4/5/6)',
  ]);
});

test('of several, it is said how many are how far, what deserves attention first', () => {
  const tasks = [imageRow(), taskRow({ state: 'failed' }), taskRow(), imageRow()];
  const [, head, facts] = linesOf(storedWith(tasks));
  expect(head).toBe('🎨 a \\*fox\\*');
  expect(facts).toMatch(/^-# 1 being made · 2 delivered · 1 failed · <t/);
});

test('what waits in the queue says its place', () => {
  const waiting = storedWith([taskRow({ state: 'reserved' }), taskRow({ state: 'reserved' })], {
    id: 'waiting',
    settledAt: null,
  });
  const other = storedWith([imageRow()], { id: 'other' });
  const places = new Map([['waiting', { number: 22, among: 'all' } as const]]);
  const description = descriptionOf(renderJobs([other, waiting], places, en));
  expect(description).toMatch(
    /^\*\*In progress\*\*\n⏳ .*\n-# 22nd in line · <t.*\n\n\*\*Finished\*\*\n✅ .*\n-# delivered · <t/,
  );
});

test('several in the same state are one number', () => {
  const [, head, facts] = linesOf(storedWith([imageRow(), imageRow(), imageRow()]));
  expect(head).toMatch(/^✅/);
  expect(facts).toMatch(/^-# 3 delivered · /);
});

test('what has not reached the person can be sent, also where the other images have', () => {
  const first = storedWith([imageRow()], { id: 'first' });
  const partly = storedWith([imageRow(), taskRow(LOST)], { id: 'partly' });
  const lost = storedWith([taskRow(LOST)], { id: 'lost' });
  const view = renderJobs([first, partly, lost], nowhere, en);
  expect(buttonsOf(view)).toMatchObject([
    { action: 'send', subject: 'partly', label: 'Send 1' },
    { action: 'send', subject: 'lost', label: 'Send 2' },
  ]);
  expect(descriptionOf(view)).toMatch(/📥 .*\n-# 1 not delivered · 1 delivered · .* get it with “Send 1”/);
});

test('what is still being served, or gone for good, is not offered', () => {
  const serving = storedWith([taskRow(LOST)], { settledAt: null });
  const gone = storedWith([taskRow({ ...LOST, reason: 'image-expired' })]);
  expect(renderJobs([serving, gone], nowhere, en).components).toEqual([]);
});

test('only where a message is known is there a way to it', () => {
  expect(descriptionOf(renderJobs([storedWith([taskRow()], { message: null })], nowhere, en))).not.toContain(
    '](',
  );
});

test('nothing there is said', () => {
  expect(renderJobs([], nowhere, en)).toEqual({ content: en.noJobs, embeds: [], components: [] });
});

test.each(Object.entries(longPrompts))(
  'ten with %s stay within Discord’s limits in every language',
  (_, prompt) => {
    const snowflake = '1234567890123456789';
    const stored = Array.from({ length: 10 }, (_each, index) =>
      storedWith(
        [taskRow(LOST), taskRow({ state: 'unconfirmed' }), taskRow({ state: 'expired' }), imageRow()],
        {
          id: `0190b6a0-0000-7000-8000-00000000000${index}`,
          guildId: snowflake,
          channelId: snowflake,
          message: { id: snowflake, channelId: snowflake },
          request: { prompt, model: 'nano-banana-pro' },
        },
      ),
    );
    for (const [, text] of languages) {
      const view = renderJobs(stored, nowhere, text);
      expect(messageProblems(view)).toEqual([]);
      expect(buttonsOf(view)).toHaveLength(5);
    }
  },
);

/** Nobody waits in the queue. */
const nowhere = new Map();

type Changes = Parameters<typeof generationRow>[0];

function storedWith(tasks: readonly Task[], changes: Changes = {}): StoredGeneration {
  const message: Generation['message'] = { id: '6', channelId: '5' };
  return { generation: generationRow({ message, settledAt: NOW, ...changes }), tasks, references: [] };
}

function linesOf(stored: StoredGeneration): string[] {
  return descriptionOf(renderJobs([stored], nowhere, en)).split('\n');
}
