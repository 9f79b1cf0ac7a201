import type { Generation, Task } from '../services/ledger/rows.ts';
import { isWaiting } from '../services/ledger/transitions.ts';
import type { Chosen } from '../services/request/defaults.ts';
import { modelOf, type Ratio, resolutionLabel } from '../services/request/models.ts';
import type { ImageRequest } from '../services/request/request.ts';
import { qualityToSend } from '../services/request/sent.ts';
import { isTextTool } from '../services/request/tools.ts';
import type { Text } from './text/index.ts';

type Settings = Chosen & Partial<Pick<ImageRequest, 'transparent' | 'tool'>>;

/** The settings of a request in one line: `GPT Image 2 · 16:9 · 2K · High`, or `Upscaled ×2`. */
export function settingsLine(request: Settings, text: Text): string {
  return join([...settingsOf(request, text)]);
}

/** The same, with the references, the images and the duration. */
export function factsLine(
  { request }: Pick<Generation, 'request'>,
  made: { references: number; tasks: readonly Task[] },
  text: Text,
): string {
  const images = made.tasks.filter(hasImage);
  const isOver = !made.tasks.some(isWaiting);
  const count = isOver ? images.length || request.count : request.count;
  const seconds = Math.max(...images.map((task) => secondsOf(task) ?? 0));
  return join([
    ...settingsOf(request, text),
    // A tool's only reference is what it works on.
    made.references > 0 && !request.tool && text.references(made.references),
    request.count > 1 && text.images(count),
    isOver && seconds > 0 && text.duration(seconds),
  ]);
}

/** Whether the task has an image. */
export function hasImage({ state, answer }: Task): boolean {
  return answer === null && (state === 'completed' || state === 'delivered');
}

/** The number, from 1, of the reference that couldn't be used; null when none is to blame, or none was stored. */
export function faultyReference(tasks: readonly Task[]): number | null {
  const faulted = tasks.find(({ reason }) => reason?.startsWith('reference-'));
  return faulted ? (readFault(faulted)?.number ?? null) : null;
}

/**
 * Reads the stored fault of a reference: its number, and its format if that is the reason. Null for the file name that
 * earlier versions stored.
 */
export function readFault({ serviceWords }: Task): { number: number; format: string | null } | null {
  const [, number, format = null] = /^(\d{1,2})(?: ([A-Z][A-Z ]{1,7}\d?))?$/.exec(serviceWords ?? '') ?? [];
  return number === undefined ? null : { number: Number(number), format };
}

/** How long the service took; null when the bot doesn't know, because it only asked again later. */
export function secondsOf({ submittedAt, endedAt, watchedSince }: Task): number | null {
  if (submittedAt === null || endedAt === null || watchedSince !== submittedAt) return null;
  return Math.max(1, Math.round((endedAt - submittedAt) / 1000));
}

function ratioLabel(ratio: Ratio, text: Text): string {
  return ratio === 'auto' ? text.autoRatio : ratio;
}

function settingsOf(request: Settings, text: Text): string[] {
  const { tool } = request;
  if (tool) return [isTextTool(tool) ? text.tool.name[tool.name] : text.tool.made(tool)];
  const quality = qualityToSend(request);
  return [
    modelOf(request.model).label,
    ratioLabel(request.ratio, text),
    resolutionLabel(request.resolution),
    ...(quality ? [text.quality[quality]] : []),
    ...(request.transparent ? [text.transparent] : []),
  ];
}

function join(parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join(' · ');
}
