import { typicalSeconds } from '../../src/services/request/models.ts';
import { normal, type Random } from './random.ts';
import type { TaskRequest } from './task-request.ts';

const SIGMA = 0.3;

/** How long the model takes for a request, in milliseconds: log-normal around the model's median. */
export function drawDuration(request: TaskRequest, random: Random): number {
  return typicalSeconds(request) * 1000 * Math.exp(SIGMA * normal(random));
}
