import { z } from 'zod';
import type { CostTable } from './costs.ts';
import type { Offer } from './defaults.ts';
import { isKnown, MODEL_IDS, type ModelId } from './models.ts';

/** A list of models in the environment, in the order in which they are offered. */
export const modelList = z.string().transform((text, context): ModelId[] => {
  const named = new Set(text.split(',').map((id) => id.trim()));
  named.delete('');
  const unknown = [...named].filter((id) => !isKnown(id));
  if (named.size > 0 && unknown.length === 0) return [...named].filter(isKnown);
  const problem = unknown.length > 0 ? `names ${unknown.join(', ')}, which is no model` : 'names no model';
  context.addIssue(`${problem}: list some of ${MODEL_IDS.join(', ')}`);
  return z.NEVER;
});

interface Said {
  readonly MODELS?: readonly ModelId[] | undefined;
  readonly DEFAULT_MODEL?: ModelId | undefined;
  readonly COST_TABLE?: CostTable | undefined;
}

/**
 * What a bot's host offers: the models that are listed; else those that have a price, where there are prices, since an
 * image without one would be bound by no limit; else all of them.
 */
export function offerOf({ MODELS, DEFAULT_MODEL, COST_TABLE }: Said): Offer {
  const models = MODELS ?? MODEL_IDS.filter((model) => !COST_TABLE || COST_TABLE[model] !== undefined);
  const usual = models.includes(USUAL_MODEL) ? USUAL_MODEL : models[0];
  return { models, defaultModel: DEFAULT_MODEL ?? usual ?? USUAL_MODEL };
}
const USUAL_MODEL = 'gpt-image-2';

/** What is wrong with it, and in which variable. */
export function offerProblems(said: Said): { name: keyof Said; message: string }[] {
  const { MODELS, COST_TABLE } = said;
  const { models, defaultModel } = offerOf(said);
  if (MODELS && !models.includes(defaultModel))
    return [{ name: 'DEFAULT_MODEL', message: `must be one of ${models.join(', ')}, which MODELS offers` }];
  return [...new Set([defaultModel, ...models])]
    .filter((model) => COST_TABLE && COST_TABLE[model] === undefined)
    .map((model) => ({
      name: 'COST_TABLE',
      message: `has no price for ${model}: add "${model}" with the coins of one image${MODELS ? ', or leave it out of MODELS' : ''}`,
    }));
}
