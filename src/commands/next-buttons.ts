import type { JobState } from '../services/generations/job.ts';
import { isContentPolicy, isModelUnavailable } from '../services/jimmyai/errors.ts';
import type { EndReason, Generation, Task } from '../services/ledger/rows.ts';
import { canReopen, isWaiting } from '../services/ledger/transitions.ts';
import { resolutionLabel } from '../services/request/models.ts';
import { largerResolution } from '../services/request/request.ts';
import type { ButtonLook } from './components.ts';
import { hasImage } from './facts.ts';
import type { Text } from './text/index.ts';

interface Ended {
  readonly generation: Generation;
  readonly tasks: readonly Task[];
}

/** What a person can do while the images are made. */
export function buttonsWhileWaiting({ generation, tasks, cancelling }: JobState, text: Text): ButtonLook[] {
  if (cancelling || !tasks.some(({ row }) => isWaiting(row))) return [];
  return [{ action: 'cancel', subject: generation.id, label: text.button.cancel }];
}

/** What a person can do next under a finished reply, in the order of use. */
export function nextButtons(ended: Ended, text: Text): ButtonLook[] {
  return [
    ...rescueButtons(ended, text),
    ...creativeButtons(ended, text),
    {
      action: 'delete',
      subject: ended.generation.id,
      label: text.button.delete,
      emoji: '🗑️',
    },
  ];
}

/** What makes something new of a generation; under one without an image only what may mend it. */
export function creativeButtons({ generation, tasks }: Ended, text: Text): ButtonLook[] {
  const subject = generation.id;
  const edit: ButtonLook = { action: 'edit', subject, label: text.button.edit, emoji: '✏️' };
  if (!tasks.some(hasImage)) {
    return tasks.some(isMendable) ? [edit] : [];
  }
  const larger = largerResolution(generation.request);
  return [
    { action: 'again', subject, label: text.button.again, emoji: '🔁' },
    edit,
    { action: 'reference', subject, label: text.button.reference, emoji: '🖼️' },
    ...(larger
      ? [{ action: 'larger', subject, label: resolutionLabel(larger), emoji: '🔍' } satisfies ButtonLook]
      : []),
  ];
}

/** What may still bring an image that was asked for. */
function rescueButtons({ generation, tasks }: Ended, text: Text): ButtonLook[] {
  const subject = generation.id;
  if (tasks.some(canReopen)) return [{ action: 'check', subject, label: text.button.check, emoji: '🔎' }];
  const mayRetry = !tasks.some(hasImage) && tasks.some(isRetriable);
  return mayRetry ? [{ action: 'retry', subject, label: text.button.retry, emoji: '🔁' }] : [];
}

function isRetriable(task: Task): boolean {
  return task.reason !== null && RETRIABLE.has(task.reason) && !isRefusedAnyhow(task);
}

function isMendable(task: Task): boolean {
  return (task.reason !== null && MENDABLE.has(task.reason)) || isRefusedAnyhow(task);
}

/** Nobody knows whether it was charged, but it was refused for what it asks for: so would the same be once more. */
function isRefusedAnyhow({ reason, serviceWords: words }: Task): boolean {
  const isRefusal = words !== null && (isContentPolicy(words) || isModelUnavailable(words));
  return reason === 'outcome-unknown' && isRefusal;
}

/** What the same request may be spared the next time. The person decides: it may have been charged, or will be. */
const RETRIABLE: ReadonlySet<EndReason> = new Set([
  'outcome-unknown',
  'rate-limited',
  'unavailable',
  'unreachable',
  'unknown-answer',
  'model-failed',
  'task-unknown',
  'reply-gone',
  'image-expired',
  'cancelled-unsent',
]);

/** What another prompt, or other settings, may mend. */
const MENDABLE: ReadonlySet<EndReason> = new Set([
  'content-policy',
  'parameters',
  'model-unavailable',
  'model-failed',
  'cancelled-unsent',
  'cancelled-sent',
]);
