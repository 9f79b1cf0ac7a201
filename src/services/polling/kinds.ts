import { isKnown, QUALITIES, RESOLUTIONS, typicalSeconds } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import { qualityToSend } from '../request/sent.ts';
import type { Prior } from './duration-models.ts';

const WITH_REFERENCES = 'references';

/** Names a group of tasks that take about equally long: `gpt-image-2/1k/high`, `nano-banana/2k/references`. */
export function kindOf(
  { model, resolution, quality, tool }: Pick<ImageRequest, 'model' | 'resolution' | 'quality' | 'tool'>,
  references: number,
): string {
  if (tool) return tool.name;
  const sent = qualityToSend({ model, quality });
  const parts = [model, resolution, ...(sent ? [sent] : [])];
  return [...parts, ...(references > 0 ? [WITH_REFERENCES] : [])].join('/');
}

/** The published durations of a kind; null when there are none. */
export function publishedOf(kind: string): Prior | null {
  const [model = '', inKind, ...others] = kind.split('/');
  const resolution = RESOLUTIONS.find((known) => known === inKind);
  if (!isKnown(model) || !resolution) return null;
  const quality = QUALITIES.find((known) => known === others[0]) ?? null;
  return { medianMs: typicalSeconds({ model, resolution, quality }) * 1000 };
}
