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

/** Numbers of the tasks that have an image, from 1. */
export function imageNumbers({ tasks }: Pick<Made, 'tasks'>): number[] {
  return tasks.flatMap((task, index) => (hasImage(task) ? [index + 1] : []));
}

/**
 * What can be made of one image: under a single one, and under one of several once it is shown alone. Each button has
 * the image's number as its detail, by which it is found again (`locate-image.ts`).
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

/** Under several images, a row that shows one of them alone and a row that varies one; no rows under fewer. */
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
