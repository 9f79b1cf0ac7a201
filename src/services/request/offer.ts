import { z } from 'zod';
import type { Offer } from './defaults.ts';
import { isKnown, MODEL_IDS, type Model, type ModelId, modelOf } from './models.ts';

/** A list of models in the environment, in the order in which they are offered. */
export const modelList = z.string().transform((text, context): ModelId[] => {
  const named = namesIn(text);
  const unknown = named.filter((id) => !isKnown(id));
  if (named.length > 0 && unknown.length === 0) return named;
  const problem = unknown.length > 0 ? `names ${unknown.join(', ')}, which is not a model` : 'names no model';
  context.addIssue(`${problem}: list some of ${MODEL_IDS.join(', ')}`);
  return z.NEVER;
});

/** Discord's limit for the choices of an option. */
const OFFERED_MAX = 25;
/** The names that servers give to models. They are also part of custom ids and file names. */
const NAME = /^[\w.:/@+-]{1,64}$/;

export function isModelName(text: string): boolean {
  return NAME.test(text);
}

/** A list of models for a service whose models can have any name. */
export const openAiModelList = z.string().transform((text, context): ModelId[] => {
  const named = namesIn(text);
  const odd = named.filter((id) => !isModelName(id));
  if (odd.length > 0)
    context.addIssue(`names ${odd.join(', ')}: a name has 1 to 64 letters, digits and . _ : / @ + -`);
  if (named.length === 0) context.addIssue('names no model: list those to offer, such as gpt-image-2');
  if (named.length > OFFERED_MAX)
    context.addIssue(`names ${named.length} models: Discord has room for ${OFFERED_MAX}`);
  return named;
});

function namesIn(text: string): string[] {
  const named = new Set(text.split(',').map((id) => id.trim()));
  named.delete('');
  return [...named];
}

interface Said {
  readonly IMAGE_API: 'jimmyai' | 'openai';
  readonly MODELS?: readonly ModelId[] | undefined;
  readonly OPENAI_MODELS?: readonly ModelId[] | undefined;
  readonly DEFAULT_MODEL?: ModelId | undefined;
}

/** The models that a bot's host offers: those that are listed, or all. The host may set prices for all `pricedModels`. */
export function offerOf(said: Said): Offer & { readonly pricedModels: readonly ModelId[] } {
  const all = said.IMAGE_API === 'openai' ? (said.OPENAI_MODELS ?? []) : MODEL_IDS;
  const models = said.IMAGE_API === 'openai' ? all : (said.MODELS ?? all);
  const usual = models.includes(USUAL_MODEL) ? USUAL_MODEL : models[0];
  const takesMask = ({ takesMask, maxReferences }: Model) =>
    said.IMAGE_API === 'openai' ? maxReferences > 0 : takesMask === true;
  return {
    models,
    defaultModel: said.DEFAULT_MODEL ?? usual ?? USUAL_MODEL,
    maskModels: models.filter((id) => takesMask(modelOf(id))),
    pricedModels: all,
  };
}
const USUAL_MODEL = 'gpt-image-2';

/** The problems of the offer, each with its variable. */
export function offerProblems(said: Said): { name: keyof Said; message: string }[] {
  const { models, defaultModel, pricedModels } = offerOf(said);
  if (models.includes(defaultModel)) return [];
  if (!pricedModels.includes(defaultModel))
    return [{ name: 'DEFAULT_MODEL', message: `must be one of ${pricedModels.join(', ')}` }];
  return [{ name: 'DEFAULT_MODEL', message: `must be one of ${models.join(', ')}, which MODELS offers` }];
}
