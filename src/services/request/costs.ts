import { z } from 'zod';
import { MODEL_IDS, MODELS, type ModelId, type Resolution } from './models.ts';
import type { ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';

/** What an image costs in the service's coins, by `model`, `model/resolution` or `model/resolution/quality`. */
export type CostTable = Readonly<Record<string, number>>;

/** What the limits per day count. */
export type Unit = 'images' | 'coins';

export function unitOf(table: CostTable | null): Unit {
  return table === null ? 'images' : 'coins';
}

/** What one image of the request counts towards the limits: its coins, or 1 where images are counted. */
export function costOf(
  request: Pick<ImageRequest, 'model' | 'resolution' | 'quality'>,
  table: CostTable | null,
): number {
  if (!table) return 1;
  const { model, resolution } = request;
  const exact = `${model}/${resolution}/${qualityToSend(request)}`;
  return table[exact] ?? table[`${model}/${resolution}`] ?? table[model] ?? 0;
}

const EXAMPLE = 'write it like {"gpt-image-2":5,"gpt-image-2/4k/high":60}';

/** The table as JSON in the environment. */
export const costTable = z.string().transform((text, context): CostTable => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const table = coins.safeParse(parsed(text));
  if (!table.success) {
    refuse(`must be one JSON object of names and coins: ${EXAMPLE}`);
    return z.NEVER;
  }
  for (const name of Object.keys(table.data).filter((name) => !NAMES.has(name))) {
    refuse(`names ${name}, which is no model, model/resolution or model/resolution/quality: ${EXAMPLE}`);
  }
  return table.data;
});

const coins = z.record(z.string(), z.number().nonnegative());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Every name that a request can have. */
const NAMES: ReadonlySet<string> = new Set(
  MODEL_IDS.flatMap((model) => [
    model,
    ...MODELS[model].resolutions.flatMap((resolution) => namesAt(model, resolution)),
  ]),
);

function namesAt(model: ModelId, resolution: Resolution): string[] {
  return ['', ...MODELS[model].qualities].map((quality) =>
    [model, resolution, quality].filter(Boolean).join('/'),
  );
}
