import type { Misbehaviour } from './misbehaviour.ts';
import { pick, seededRandom } from './random.ts';
import type { TaskRequest } from './task-request.ts';
import { canStrike, typicalMisbehaviour } from './typical-misbehaviour.ts';

export interface MisbehaviourScope {
  /** How many creates (or uploads) are hit; default 1. */
  times?: number;
  /** Which creates are hit; an upload has no request and is always hit. */
  when?: (request: TaskRequest) => boolean;
}

export interface RandomMisbehaviour {
  seed: number;
  /** Probability in 0–1 that a create (or an upload) is hit. */
  rate: number;
  kinds: readonly Misbehaviour['kind'][];
}

interface Plan {
  misbehaviour: Misbehaviour;
  timesLeft: number;
  when: (request: TaskRequest) => boolean;
}

type Chance = () => Misbehaviour | null;

export type Misbehaviours = ReturnType<typeof createMisbehaviours>;

/** Decides which create or upload misbehaves, and how: planned misbehaviour comes first, then chance. */
export function createMisbehaviours() {
  let plans: Plan[] = [];
  let createChance: Chance = () => null;
  let uploadChance: Chance = () => null;

  function takePlan(matches: (plan: Plan) => boolean): Misbehaviour | null {
    const plan = plans.find(matches);
    if (!plan) return null;
    plan.timesLeft -= 1;
    plans = plans.filter(({ timesLeft }) => timesLeft > 0);
    return plan.misbehaviour;
  }

  return {
    plan(misbehaviour: Misbehaviour, { times = 1, when = () => true }: MisbehaviourScope = {}): void {
      plans.push({ misbehaviour, timesLeft: times, when });
    },
    atRandom(options: RandomMisbehaviour | null): void {
      createChance = options ? chanceOf(options, 'create') : () => null;
      uploadChance = options ? chanceOf(options, 'upload') : () => null;
    },
    forCreate: (request: TaskRequest) =>
      takePlan(({ misbehaviour, when }) => !isForUpload(misbehaviour) && when(request)) ?? createChance(),
    forUpload: () => takePlan(({ misbehaviour }) => isForUpload(misbehaviour)) ?? uploadChance(),
  };
}

// Creates and uploads draw from separate streams, so that neither changes the other's outcome.
function chanceOf({ seed, rate, kinds }: RandomMisbehaviour, endpoint: 'create' | 'upload'): Chance {
  const random = seededRandom(seed, endpoint === 'create' ? 0 : 1);
  const able = kinds.filter((kind) => canStrike(kind, endpoint));
  return () =>
    random() < rate && able.length > 0 ? typicalMisbehaviour(pick(random, able), endpoint, random) : null;
}

function isForUpload(misbehaviour: Misbehaviour): boolean {
  return 'at' in misbehaviour && misbehaviour.at === 'upload';
}
