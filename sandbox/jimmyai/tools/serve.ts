import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'hono';
import { type Balance, refusalOf } from '../account.ts';
import { errorAnswer } from '../answers.ts';
import { answerWithFault } from '../faults.ts';
import { faultAt, type Misbehaviour } from '../misbehaviour.ts';
import type { Misbehaviours } from '../misbehaviour-plans.ts';
import type { Prices } from '../prices.ts';
import type { RecordingEnv } from '../recording.ts';
import type { ReadFile } from '../served-file.ts';
import type { ToolCall, ToolCalls, ToolName } from './calls.ts';

export interface ToolDependencies {
  toolCalls: ToolCalls;
  balance: Balance;
  prices: Prices;
  misbehaviours: Misbehaviours;
  readFile: ReadFile;
  speed: number;
}

/** What a tool is to do once it is known that it can be paid for. */
export interface Work {
  readonly tool: ToolName;
  readonly request: object;
  readonly coins: number;
  make(): Promise<ToolCall['file']>;
  answer(call: ToolCall, misbehaviour: Misbehaviour | null): object;
}

/** Tools take some seconds. */
const USUAL_MS = 8000;

export type Serve = ReturnType<typeof createServe>;

/** Serves a tool's call, which is answered once it is done, and charged by then. */
export function createServe({ toolCalls, balance, misbehaviours, speed }: ToolDependencies) {
  return async (context: Context<RecordingEnv>, work: Work): Promise<Response> => {
    const misbehaviour = misbehaviours.forTool();
    const fault = faultAt('tool', misbehaviour);
    if (fault && !('made' in fault && fault.made)) return answerWithFault(context, fault);
    const refusal = refusalOf(work.coins, balance);
    if (refusal) return context.json(errorAnswer(refusal.code, refusal.msg));
    const slowness = misbehaviour?.kind === 'slow' ? misbehaviour.factor : 1;
    await delay((USUAL_MS * slowness) / speed);
    const { tool, request, coins } = work;
    const call = toolCalls.add({ tool, request, coins, file: await work.make() });
    const answer = work.answer(call, misbehaviour);
    if (!fault) return context.json(answer);
    // As with a create: where the work was done, an error code comes with it.
    return answerWithFault(context, fault, 'data' in answer ? (answer.data as object) : answer);
  };
}
