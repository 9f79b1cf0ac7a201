import type { Offer } from './defaults.ts';
import { QUALITIES, QUALITY_LEVELS, type Quality, RATIOS, type Ratio, RESOLUTIONS } from './models.ts';
import { findMaskProblem, findProblem, type ImageRequest, type RequestProblem } from './request.ts';
import { findRuleProblem, type RuleProblem, type ServerRules } from './server-rules.ts';

/** The limits besides the abilities of the model: the server's rules, and the models that the host offers. */
export interface Allowed extends Pick<Offer, 'models'> {
  readonly rules: ServerRules;
  /** The models that take a mask, if the request has one. */
  readonly maskModels?: Offer['maskModels'] | null;
}

/** New values for options of a request. */
export type Change = Partial<
  Pick<ImageRequest, 'model' | 'ratio' | 'resolution' | 'quality' | 'transparent'>
>;

/** Finds why a request can't be served here as it is, before anything is deferred, stored or paid. */
export function findObstacle(
  request: ImageRequest,
  references: number,
  { rules, models, maskModels = null }: Allowed,
): RequestProblem | RuleProblem | null {
  return (
    findProblem(request, references) ??
    (maskModels && findMaskProblem(request, references, maskModels)) ??
    findRuleProblem(rules, request, models)
  );
}

/** The most options of a select menu. */
const MOST = 25;
const MOST_CHANGED = 3;

/**
 * The changes of options that make a request acceptable: as few options as possible, the nearest values first. Empty
 * when its options aren't the problem.
 */
export function waysOut(request: ImageRequest, references: number, allowed: Allowed): Change[] {
  // Only the options are checked, so that a long prompt costs no time.
  const options = { ...request, prompt: 'any' };
  const { models } = allowed;
  const within = { ...allowed, rules: { ...allowed.rules, blockedWords: [] } };
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

/** Every change of a single option, grouped by option, the nearest values first. */
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

/** Combines changes in one order only, so that no combination comes twice. */
function isBehind(change: Change): (next: Change) => boolean {
  const last = Math.max(-1, ...Object.keys(change).map((field) => FIELDS.indexOf(field)));
  return (next) => Object.keys(next).every((field) => FIELDS.indexOf(field) > last);
}
const FIELDS = ['resolution', 'ratio', 'quality', 'model', 'transparent'];

/** How different two shapes are; `auto` is equally far from all. */
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
