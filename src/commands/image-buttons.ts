import type { Generation, Task } from '../services/ledger/rows.ts';
import { resolutionLabel } from '../services/request/models.ts';
import { largerResolution } from '../services/request/request.ts';
import type { Tool } from '../services/request/tools.ts';
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
 * button's detail is the image's number, by which the bot finds it again (`locate-image.ts`). The picture of a tool has
 * no buttons that draw it again, nor one for the same tool.
 */
export function imageButtons(
  { id, request }: Made['generation'],
  number: number,
  text: Text,
  tools: readonly Tool[] = [],
): ButtonLook[] {
  const image = { subject: id, detail: String(number) };
  const { button } = text;
  const reference: ButtonLook = { ...image, action: 'reference', label: button.reference, emoji: '🖼️' };
  const byTools = PICTURE_TOOLS.filter((name) => tools.includes(name) && name !== request.tool?.name).map(
    (action): ButtonLook => {
      return { ...image, action, label: text.tool.name[action], emoji: TOOL_EMOJI[action] };
    },
  );
  if (request.tool) return [...byTools, reference];
  const larger = largerResolution(request);
  const redraw = larger && text.redraw(resolutionLabel(larger));
  return [
    { ...image, action: 'vary-strong', label: button.varyStrong, emoji: '🎲' },
    { ...image, action: 'vary-subtle', label: button.varySubtle, emoji: '🪄' },
    ...byTools,
    reference,
    ...(redraw ? [{ ...image, action: 'larger', label: redraw, emoji: '🖌️' } satisfies ButtonLook] : []),
  ];
}

const PICTURE_TOOLS = ['upscale', 'remove-bg'] as const;
const TOOL_EMOJI = { upscale: '🔍', 'remove-bg': '✂️' } as const;

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
