import type { Offer } from './defaults.ts';
import { QUALITIES, QUALITY_LEVELS, type Quality, RATIOS, type Ratio, RESOLUTIONS } from './models.ts';
import { findProblem, type ImageRequest, type RequestProblem } from './request.ts';
import { findRuleProblem, type RuleProblem, type ServerRules } from './server-rules.ts';

/** What a request may be checked against besides its model: the server's rules, and what the bot's host offers. */
export interface Allowed extends Pick<Offer, 'models'> {
  readonly rules: ServerRules;
}

/** Options of a request that are to be others. */
export type Change = Partial<
  Pick<ImageRequest, 'model' | 'ratio' | 'resolution' | 'quality' | 'transparent'>
>;

/** Finds why a request can't be made here as it is, before anything is deferred, stored or paid. */
export function findObstacle(
  request: ImageRequest,
  references: number,
  { rules, models }: Allowed,
): RequestProblem | RuleProblem | null {
  return findProblem(request, references) ?? findRuleProblem(rules, request, models);
}

/** A select menu has room for so many besides the buttons. */
const MOST = 25;
const MOST_CHANGED = 3;

/**
 * The changes of options that make a request right: as few as it takes, the nearest first. None where its options aren't
 * what is wrong with it.
 */
export function waysOut(request: ImageRequest, references: number, allowed: Allowed): Change[] {
  // The options alone, so that a prompt of whatever length is no work.
  const options = { ...request, prompt: 'any' };
  const { models } = allowed;
  const within = { models, rules: { ...allowed.rules, blockedWords: [] } };
  const isRight = (change: Change) => !findObstacle({ ...options, ...change }, references, within);
  if (isRight({})) return [];
  const single = changesOf(request, models);
  let changes: Change[] = [{}];
  for (let changed = 0; changed < MOST_CHANGED; changed += 1) {
    changes = changes.flatMap((change) =>
      single.filter(isBehind(change)).map((next) => ({ ...change, ...next })),
    );
    const right = changes.filter(isRight);
    if (right.length > 0) return right.slice(0, MOST);
  }
  return [];
}

/** Every change of one option, by option, the nearest first. */
function changesOf(
  { model, ratio, resolution, quality, transparent }: ImageRequest,
  models: Offer['models'],
): Change[] {
  const at = RESOLUTIONS.indexOf(resolution);
  const others = <Value>(values: readonly Value[], now: Value) => values.filter((value) => value !== now);
  return [
    ...[...RESOLUTIONS.slice(0, at).reverse(), ...RESOLUTIONS.slice(at + 1)].map((each) => ({
      resolution: each,
    })),
    ...others(RATIOS, ratio)
      .sort((a, b) => distance(a, ratio) - distance(b, ratio))
      .map((each) => ({ ratio: each })),
    ...others<Quality | null>(QUALITIES, quality)
      .filter((each) => each !== null)
      .sort((a, b) => Math.abs(rank(a) - rank(quality)) - Math.abs(rank(b) - rank(quality)))
      .map((each) => ({ quality: each })),
    ...others(models, model).map((each) => ({ model: each })),
    ...(transparent ? [{ transparent: false }] : []),
  ];
}

/** Changes are put together in one order only. */
function isBehind(change: Change): (next: Change) => boolean {
  const last = Math.max(-1, ...Object.keys(change).map((field) => FIELDS.indexOf(field)));
  return (next) => Object.keys(next).every((field) => FIELDS.indexOf(field) > last);
}
const FIELDS = ['resolution', 'ratio', 'quality', 'model', 'transparent'];

/** How different two shapes are; `auto` is as far from each. */
function distance(one: Ratio, other: Ratio): number {
  return one === 'auto' || other === 'auto' ? FAR : Math.abs(Math.log(aspectOf(one) / aspectOf(other)));
}
const FAR = 10;

function aspectOf(ratio: Ratio): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}

function rank(quality: Quality | null): number {
  return quality === null || quality === 'auto' ? 0 : QUALITY_LEVELS.indexOf(quality);
}
