import { z } from 'zod';
import type { Offer } from './defaults.ts';
import { isKnown, MODEL_IDS, type ModelId } from './models.ts';

/** A list of models in the environment, in the order in which they are offered. */
export const modelList = z.string().transform((text, context): ModelId[] => {
  const named = new Set(text.split(',').map((id) => id.trim()));
  named.delete('');
  const unknown = [...named].filter((id) => !isKnown(id));
  if (named.size > 0 && unknown.length === 0) return [...named].filter(isKnown);
  const problem = unknown.length > 0 ? `names ${unknown.join(', ')}, which is not a model` : 'names no model';
  context.addIssue(`${problem}: list some of ${MODEL_IDS.join(', ')}`);
  return z.NEVER;
});

interface Said {
  readonly MODELS?: readonly ModelId[] | undefined;
  readonly DEFAULT_MODEL?: ModelId | undefined;
}

/** The models that a bot's host offers: those in MODELS, or all of them. */
export function offerOf({ MODELS = MODEL_IDS, DEFAULT_MODEL }: Said): Offer {
  const usual = MODELS.includes(USUAL_MODEL) ? USUAL_MODEL : MODELS[0];
  return { models: MODELS, defaultModel: DEFAULT_MODEL ?? usual ?? USUAL_MODEL };
}
const USUAL_MODEL = 'gpt-image-2';

/** The problems of the offer, each with its variable. */
export function offerProblems(said: Said): { name: keyof Said; message: string }[] {
  const { models, defaultModel } = offerOf(said);
  if (models.includes(defaultModel)) return [];
  return [{ name: 'DEFAULT_MODEL', message: `must be one of ${models.join(', ')}, which MODELS offers` }];
}
