import type { Generation, Task } from '../services/ledger/rows.ts';
import { resolutionLabel } from '../services/request/models.ts';
import { largerResolution } from '../services/request/request.ts';
import { type ButtonLook, type ButtonRow, buttonRows } from './components.ts';
import { hasImage } from './facts.ts';
import type { Text } from './text/index.ts';

interface Made {
  readonly generation: Pick<Generation, 'id' | 'request'>;
  readonly tasks: readonly Task[];
}

/** The numbers, from 1, of the tasks that have an image. */
export function imageNumbers({ tasks }: Pick<Made, 'tasks'>): number[] {
  return tasks.flatMap((task, index) => (hasImage(task) ? [index + 1] : []));
}

/**
 * The buttons for one image: under a reply with a single image, and under one of several that is shown alone. Each
 * button's detail is the image's number, by which the bot finds it again (`locate-image.ts`).
 */
export function imageButtons({ id, request }: Made['generation'], number: number, text: Text): ButtonLook[] {
  const image = { subject: id, detail: String(number) };
  const { button } = text;
  const larger = largerResolution(request);
  return [
    { ...image, action: 'vary-strong', label: button.varyStrong, emoji: '🎲' },
    { ...image, action: 'vary-subtle', label: button.varySubtle, emoji: '🪄' },
    { ...image, action: 'reference', label: button.reference, emoji: '🖼️' },
    ...(larger
      ? [{ ...image, action: 'larger', label: resolutionLabel(larger), emoji: '🔍' } satisfies ButtonLook]
      : []),
  ];
}

/** Two rows under several images: one shows an image alone, the other varies an image. No rows under a single image. */
export function numberedRows({ generation, tasks }: Made, { button }: Text): ButtonRow[] {
  const numbers = imageNumbers({ tasks });
  if (numbers.length < 2) return [];
  const row = (action: 'enlarge' | 'vary-strong', label: (number: number) => string) =>
    buttonRows(
      numbers.map((number) => {
        return { action, subject: generation.id, detail: String(number), label: label(number) };
      }),
    );
  return [...row('enlarge', button.enlarge), ...row('vary-strong', button.vary)];
}
