import type { Misbehaviour } from './misbehaviour.ts';
import { pick, seededRandom } from './random.ts';
import type { TaskRequest } from './task-request.ts';
import { canStrike, type MisbehavingEndpoint, typicalMisbehaviour } from './typical-misbehaviour.ts';

export interface MisbehaviourScope {
  /** How many creates (or uploads) are hit; default 1. */
  times?: number;
  /** Which creates are hit; an upload has no request and is always hit. */
  when?: (request: TaskRequest) => boolean;
  /** Nothing is hit once this is false. */
  asLongAs?: () => boolean;
  /** It is a tool that is hit, and no create. */
  tool?: boolean;
}

export interface RandomMisbehaviour {
  seed: number;
  /** Probability in 0–1 that a create (or an upload, or a tool) is hit. */
  rate: number;
  kinds: readonly Misbehaviour['kind'][];
}

interface Plan {
  misbehaviour: Misbehaviour;
  timesLeft: number;
  when: (request: TaskRequest) => boolean;
  asLongAs: () => boolean;
  tool: boolean;
}

type Chance = () => Misbehaviour | null;

export type Misbehaviours = ReturnType<typeof createMisbehaviours>;

/** Decides which create, upload or tool misbehaves, and how: planned misbehaviour comes first, then chance. */
export function createMisbehaviours() {
  let plans: Plan[] = [];
  let createChance: Chance = () => null;
  let uploadChance: Chance = () => null;
  let toolChance: Chance = () => null;

  function takePlan(matches: (plan: Plan) => boolean): Misbehaviour | null {
    const plan = plans.find((each) => each.asLongAs() && matches(each));
    if (!plan) return null;
    plan.timesLeft -= 1;
    plans = plans.filter(({ timesLeft }) => timesLeft > 0);
    return plan.misbehaviour;
  }

  return {
    plan(misbehaviour: Misbehaviour, scope: MisbehaviourScope = {}): void {
      const { times: timesLeft = 1, when = () => true, asLongAs = () => true } = scope;
      const tool = scope.tool ?? isAt('tool', misbehaviour);
      plans.push({ misbehaviour, timesLeft, when, asLongAs, tool });
    },
    atRandom(options: RandomMisbehaviour | null): void {
      createChance = options ? chanceOf(options, 'create') : () => null;
      uploadChance = options ? chanceOf(options, 'upload') : () => null;
      toolChance = options ? chanceOf(options, 'tool') : () => null;
    },
    forCreate: (request: TaskRequest) =>
      takePlan(({ misbehaviour, tool, when }) => !tool && !isAt('upload', misbehaviour) && when(request)) ??
      createChance(),
    forUpload: () => takePlan(({ misbehaviour }) => isAt('upload', misbehaviour)) ?? uploadChance(),
    forTool: () => takePlan(({ tool }) => tool) ?? toolChance(),
  };
}

// Each draws from a separate stream, so that none changes another's outcome.
function chanceOf({ seed, rate, kinds }: RandomMisbehaviour, endpoint: MisbehavingEndpoint): Chance {
  const random = seededRandom(seed, STREAMS.indexOf(endpoint));
  const able = kinds.filter((kind) => canStrike(kind, endpoint));
  return () =>
    random() < rate && able.length > 0 ? typicalMisbehaviour(pick(random, able), endpoint, random) : null;
}

const STREAMS: readonly MisbehavingEndpoint[] = ['create', 'upload', 'tool'];

function isAt(endpoint: 'upload' | 'tool', misbehaviour: Misbehaviour): boolean {
  return 'at' in misbehaviour && misbehaviour.at === endpoint;
}
