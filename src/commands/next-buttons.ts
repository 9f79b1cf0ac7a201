import { isBeingMade } from '../services/generations/bar.ts';
import type { JobState } from '../services/generations/job.ts';
import { isContentPolicy, isModelUnavailable } from '../services/image-service/refusal-words.ts';
import type { EndReason, Generation, Task } from '../services/ledger/rows.ts';
import { canReopen, isWaiting } from '../services/ledger/transitions.ts';
import { COUNT_MAX } from '../services/request/request.ts';
import type { Tool } from '../services/request/tools.ts';
import { BUTTONS_IN_ROW, type ButtonLook, type ButtonRow, buttonRows } from './components.ts';
import { faultyReference, hasImage } from './facts.ts';
import { imageButtons, imageNumbers, numberedRows } from './image-buttons.ts';
import type { Text } from './text/index.ts';

interface Ended {
  readonly generation: Generation;
  readonly tasks: readonly Task[];
}

/** The buttons while the images are made. */
export function buttonsWhileWaiting({ generation, tasks, cancelling }: JobState, text: Text): ButtonLook[] {
  if (cancelling || !tasks.some(({ row }) => isWaiting(row))) return [];
  // A tool answers within a minute or two, and its work is charged by then, so there is nothing to stop.
  if (generation.request.tool && tasks.every(({ row }) => row.state === 'submitting')) return [];
  const isBegun = tasks.some((task) => isUnderWay(task.row) || isBeingMade(task));
  const label = isBegun ? text.button.stopWaiting : text.button.cancel;
  return [{ action: 'cancel', subject: generation.id, label }];
}

/** Whether the service has begun the task, which it then can't cancel and will charge. */
export function isUnderWay({ state }: Task): boolean {
  return state === 'running';
}

/**
 * The rows under a finished reply: those for single images by number, then the other buttons, the most used first. The
 * buttons to star and delete stay side by side.
 */
export function nextRows(ended: Ended, text: Text, tools: readonly Tool[] = []): ButtonRow[] {
  const remove: ButtonLook = {
    action: 'delete',
    subject: ended.generation.id,
    label: text.button.delete,
    emoji: '🗑️',
  };
  const next = [...rescueButtons(ended, text), ...creativeButtons(ended, text, tools)];
  const last = [...starButtons(ended, text), remove];
  const isRoomBeside = last.length <= BUTTONS_IN_ROW - (next.length % BUTTONS_IN_ROW);
  return [
    ...numberedRows(ended, text),
    ...(isRoomBeside ? buttonRows([...next, ...last]) : [...buttonRows(next), ...buttonRows(last)]),
  ];
}

/**
 * The buttons that make new images from the whole generation, or that lead back to its request if it has no image. A
 * tool's picture has no prompt of its own that could be repeated or changed.
 */
export function creativeButtons(
  { generation, tasks }: Ended,
  text: Text,
  tools: readonly Tool[] = [],
): ButtonLook[] {
  const subject = generation.id;
  const [first, ...others] = imageNumbers({ tasks });
  if (generation.request.tool) return first === undefined ? [] : imageButtons(generation, first, text, tools);
  const edit: ButtonLook = { action: 'edit', subject, label: text.button.edit, emoji: '✏️' };
  if (first === undefined) return tasks.some(isWaiting) ? [] : [edit];
  const again: ButtonLook = { action: 'again', subject, label: text.button.again, emoji: '🔁' };
  const count = generation.request.count > 1 ? 1 : COUNT_MAX;
  return [
    again,
    { ...again, detail: String(count), label: text.button.againTimes(count) },
    edit,
    ...(others.length > 0 ? [] : imageButtons(generation, first, text, tools)),
  ];
}

/** Others see the reply too, so the button doesn't tell whether it is a favourite. */
function starButtons({ generation, tasks }: Ended, { contactSheet }: Text): ButtonLook[] {
  const star: ButtonLook = { action: 'star', subject: generation.id, label: contactSheet.star, emoji: '⭐' };
  return tasks.some(hasImage) ? [star] : [];
}

/** The buttons that may still bring a missing image or answer. */
export function rescueButtons({ generation, tasks }: Ended, text: Text): ButtonLook[] {
  const subject = generation.id;
  const open = tasks.filter(canReopen);
  if (open.length > 0) {
    const isWanted = open.some(({ state }) => state !== 'cancelled');
    const label = isWanted ? text.button.check : text.button.getAnyway;
    return [{ action: 'check', subject, label, emoji: isWanted ? '🔎' : '📥' }];
  }
  if (tasks.some(hasImage)) return [];
  const { tool } = generation.request;
  const retry: ButtonLook = { action: 'retry', subject, label: text.button.retry, emoji: '🔁' };
  const leaveOut: ButtonLook = { ...retry, detail: WITHOUT_FAULTY, label: text.button.leaveOut };
  return [
    ...(tasks.some(isRetriable) ? [retry] : []),
    // A tool has nothing else to work on.
    ...(tool || faultyReference(tasks) === null ? [] : [leaveOut]),
  ];
}

/** The detail of a retry without the reference that couldn't be used. */
export const WITHOUT_FAULTY = 'without';

function isRetriable(task: Task): boolean {
  return task.reason !== null && RETRIABLE.has(task.reason) && !isRefusedAnyhow(task);
}

/** It is unknown whether the task was charged, but the service refused its content, and would refuse it again. */
function isRefusedAnyhow({ reason, serviceWords: words }: Task): boolean {
  const isRefusal = words !== null && (isContentPolicy(words) || isModelUnavailable(words));
  return reason === 'outcome-unknown' && isRefusal;
}

/**
 * Reasons that may be gone at the next try. The person decides, since the first try may have been charged, and the next
 * one will be.
 */
const RETRIABLE: ReadonlySet<EndReason> = new Set([
  'outcome-unknown',
  'authentication',
  'credit',
  'rate-limited',
  'unavailable',
  'unreachable',
  'unknown-answer',
  'model-failed',
  'task-unknown',
  'reference-unavailable',
  'reply-gone',
  'image-expired',
  'cancelled-unsent',
]);
