import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Outcome, replayFixed, replayLearning } from './replay.ts';

const FIXED_SECONDS = [3, 5, 10] as const;
/** The first tasks of each kind, which are only for learning. */
const LEARNED_FROM = 20;

const history = z.array(z.object({ kind: z.string().min(1), seconds: z.number().positive() }));

/** The history is unusable; the message tells its owner why. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/** Replays a history from a file, and prints how the learned schedule and fixed intervals do. The last line is JSON. */
export async function replayTrace(path: string): Promise<void> {
  const tasks = await readHistory(path);
  const ways: [string, Outcome[]][] = [['learned', await replayLearning(tasks)]];
  for (const seconds of FIXED_SECONDS) ways.push([`fixed${seconds}`, replayFixed(tasks, seconds)]);
  const counted = ways.map(([name, outcomes]) => [name, withoutFirst(outcomes)] as const);
  if (counted[0]?.[1].length === 0)
    throw new TraceError(`${path} has no kind with more than ${LEARNED_FROM} tasks: nothing is counted.`);

  console.log(['kind', 'tasks', ...ways.map(([name]) => `${name}: wait, queries`)].join(' | '));
  for (const kind of new Set(counted[0]?.[1].map((outcome) => outcome.kind))) {
    const ofKind = counted.map(([, outcomes]) => outcomes.filter((outcome) => outcome.kind === kind));
    const cells = ofKind.map((outcomes) => {
      const { wait, queries } = meansOf(outcomes);
      return `${wait.toFixed(2)} s, ${queries.toFixed(1)}`;
    });
    console.log([kind, ofKind[0]?.length ?? 0, ...cells].join(' | '));
  }
  console.log(
    JSON.stringify(Object.fromEntries(counted.map(([name, outcomes]) => [name, meansOf(outcomes)]))),
  );
}

async function readHistory(path: string) {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TraceError(`${path} cannot be read.`, { cause });
  }
  const parsed = history.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TraceError(
    `${path} must hold [{ "kind": "gpt-image-2/1k/high", "seconds": 143.2 }, …]: ${issue?.path.join('.') || 'it'}: ${issue?.message}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not a list, which is reported below
  }
}

function withoutFirst(outcomes: readonly Outcome[]): Outcome[] {
  const seen = new Map<string, number>();
  return outcomes.filter(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count > LEARNED_FROM;
  });
}

/** The means, rounded to a thousandth. */
export function meansOf(outcomes: readonly Outcome[]): { wait: number; queries: number } {
  const mean = (pick: (outcome: Outcome) => number) =>
    Math.round((outcomes.reduce((sum, outcome) => sum + pick(outcome), 0) / outcomes.length) * 1000) / 1000;
  return { wait: mean(({ wait }) => wait), queries: mean(({ queries }) => queries) };
}
