import { z } from 'zod';
import { exactName, type Priced } from './billing.ts';
import type { Unit } from './limits.ts';
import { type ModelId, modelOf, type Resolution } from './models.ts';
import { isTextTool, TOOLS } from './tools.ts';

/** Prices of an image in the service's coins, by `model`, `model/resolution`, `model/resolution/quality` or a tool's name. */
export type CostTable = Readonly<Record<string, number>>;

/** The most specific price for the request; null when the table has none. */
export function costIn(table: CostTable, request: Priced): number | null {
  const { model, resolution, tool } = request;
  if (tool) return table[tool.name] ?? null;
  return table[exactName(request)] ?? table[`${model}/${resolution}`] ?? table[model] ?? null;
}

/** The upper end of the service's usual prices. */
export const HIGHEST_USUAL_COINS = 0.5;
/** The same for an answer in words. */
export const HIGHEST_USUAL_COINS_OF_WORDS = 0.02;

/**
 * The charge for an image until the service bills it. Without a known price it is the highest usual one, so that limits
 * in coins still hold.
 */
export function chargeFor(estimate: number | null, unit: Unit, { tool }: Pick<Priced, 'tool'> = {}): number {
  if (estimate !== null) return estimate;
  if (unit === 'images') return 0;
  return isTextTool(tool) ? HIGHEST_USUAL_COINS_OF_WORDS : HIGHEST_USUAL_COINS;
}

const EXAMPLE = 'write it like {"gpt-image-2":0.05,"gpt-image-2/4k/high":0.5}';

/**
 * The table as JSON in the environment. It may lack models, and may name ones that are gone, since versions of the bot
 * have different models: see {@link unusedNames}.
 */
export const costTable = z.string().transform((text, context): CostTable => {
  const table = coins.safeParse(parsed(text));
  if (table.success) return table.data;
  context.addIssue({ code: 'custom', message: `must be one JSON object of names and coins: ${EXAMPLE}` });
  return z.NEVER;
});

/** The names in the table that no request for these models can have, because the model is gone or the name mistyped. */
export function unusedNames(table: CostTable, models: readonly ModelId[]): string[] {
  const names = new Set([...TOOLS, ...models.flatMap(namesOf)]);
  return Object.keys(table).filter((name) => !names.has(name));
}

const coins = z.record(z.string(), z.number().nonnegative());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Every name that a price of the model can have. */
function namesOf(model: ModelId): string[] {
  const { resolutions, qualities } = modelOf(model);
  const at = (resolution: Resolution) =>
    ['', ...qualities].map((quality) => [model, resolution, quality].filter(Boolean).join('/'));
  return [model, ...resolutions.flatMap(at)];
}
