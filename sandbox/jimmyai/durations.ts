import { MODELS } from './models.ts';
import { normal, type Random } from './random.ts';
import type { CreateRequest } from './rules.ts';

const SIGMA = 0.3;

/** How long the model takes for a request, in milliseconds: log-normal around its published median. */
export function drawDuration({ model, resolution, quality }: CreateRequest, random: Random): number {
  return MODELS[model].medianSeconds(resolution, quality) * 1000 * Math.exp(SIGMA * normal(random));
}
