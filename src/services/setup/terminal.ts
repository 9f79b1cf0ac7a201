import type { Key } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { intro, isCancel, log, outro, password, select, text } from '@clack/prompts';

/** The person has left: with Ctrl+C or Escape, or by choosing to. */
export class Left extends Error {
  override readonly name = 'Left';
}

/** Asks and prints, and does nothing else. Every question throws {@link Left} where it is not answered. */
export interface Terminal {
  begin(title: string): void;
  say(kind: 'info' | 'step' | 'success' | 'warn' | 'error', words: string): void;
  /** An answer that is not shown. `problem` says what is wrong with it, if anything. */
  askSecret(question: string, problem: (answer: string) => string | null): Promise<string>;
  /** An answer in place of which Enter gives the proposal. */
  ask(
    question: string,
    options: { proposal: string; problem: (answer: string) => string | null },
  ): Promise<string>;
  choose<Choice extends string>(question: string, choices: Record<Choice, string>): Promise<Choice>;
  /** Says what is waited for. What is typed meanwhile is neither shown nor taken; Ctrl+C leaves. */
  waitFor<T>(words: string, work: Promise<T>): Promise<T>;
  end(words: string): void;
}

interface Streams {
  readonly input: Readable & { setRawMode?(isRaw: boolean): unknown };
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Begins to ask on these streams. Whoever aborts the signal, ends the input or presses Ctrl+D leaves, too. */
export function createTerminal({ input, output, signal: interruption }: Streams): Terminal {
  const signal = AbortSignal.any([interruption, onceOver(input)]);
  const streams = { input, output, signal };
  return {
    begin: (title) => intro(title, { output }),
    say: (kind, words) => log[kind](wrapped(harmless(words), widthOf(output)), { output }),
    askSecret: async (message, problem) => {
      const validate = (typed = '') => problem(typed.trim()) ?? undefined;
      return answered<string>(await password({ ...streams, message, validate })).trim();
    },
    ask: async (message, { proposal, problem }) => {
      const validate = (typed = '') => problem(typed.trim() || proposal) ?? undefined;
      const proposed = { placeholder: proposal, defaultValue: proposal };
      return answered<string>(await text({ ...streams, message, ...proposed, validate })).trim() || proposal;
    },
    choose: async <Choice extends string>(message: string, choices: Record<Choice, string>) => {
      const options = Object.entries<string>(choices).map(([value, label]) => ({ value, label }));
      return answered<Choice>((await select({ ...streams, message, options })) as Choice | symbol);
    },
    waitFor: async (words, work) => {
      log.step(words, { output });
      using leaving = onceLeft(streams);
      return await Promise.race([work, leaving.promise]);
    },
    end: (words) => outro(words, { output }),
  };
}

function answered<T>(answer: T | symbol): T {
  if (isCancel(answer)) throw new Left();
  return answer as T;
}

/** At Ctrl+D the library would stop to read, and the question would stay open. */
function onceOver(input: Readable): AbortSignal {
  const over = new AbortController();
  input.once('end', () => over.abort());
  input.on('keypress', (_, key: Key) => {
    if (key.ctrl && key.name === 'd') over.abort();
  });
  return over.signal;
}

const CTRL_C = '\x03';

/** Rejects when the person presses Ctrl+C or the signal aborts. Raw, a terminal does not show what is pasted too early. */
function onceLeft({ input, signal }: Streams): Disposable & { promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new Left());
  const read = (keys: Buffer | string) => {
    if (keys.includes(CTRL_C)) leave();
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave);
  input.setRawMode?.(true);
  input.on('data', read).resume();
  return {
    promise,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', leave);
      input.off('data', read).pause();
      input.setRawMode?.(false);
    },
  };
}

/** Names and messages come from outside, and must not steer the terminal. */
function harmless(words: string): string {
  return stripVTControlCharacters(words).replaceAll(/[^\P{C}\n]/gu, '');
}

/** Between words only: an address stays whole, to be copied. */
function wrapped(words: string, width: number): string {
  const longest = new RegExp(`(.{1,${width}})(?: +|$)`, 'g');
  const wrap = (line: string) => line.replaceAll(longest, '$1\n').trimEnd();
  return words.split('\n').map(wrap).join('\n');
}

function widthOf(output: Writable): number {
  const columns = 'columns' in output && typeof output.columns === 'number' ? output.columns : 80;
  return Math.max(20, Math.min(columns, COLUMNS_MAX) - GUIDE_COLUMNS);
}

/** Longer lines are hard to read. */
const COLUMNS_MAX = 100;
/** What the library draws at the left. */
const GUIDE_COLUMNS = 4;
