import type { Key } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { intro, isCancel, log, outro, password, select, text } from '@clack/prompts';

/** The operator has left the setup with Ctrl+C or Escape, or by choosing to. */
export class SetupCancelled extends Error {
  override readonly name = 'SetupCancelled';
}

/** Asks and prints. Every question rejects with {@link SetupCancelled} if it is not answered. */
export interface Terminal {
  begin(title: string): void;
  say(kind: 'info' | 'step' | 'success' | 'warn' | 'error', words: string): void;
  /** Asks for an answer that is not shown. `problem` returns what is wrong with it, or null. */
  askSecret(question: string, problem: (answer: string) => string | null): Promise<string>;
  /** Asks for an answer; Enter alone accepts the proposal. */
  ask(
    question: string,
    options: { proposal: string; problem: (answer: string) => string | null },
  ): Promise<string>;
  choose<Choice extends string>(question: string, choices: Record<Choice, string>): Promise<Choice>;
  /** Waits for `work` and says so. Input meanwhile is neither shown nor used; Ctrl+C leaves. */
  waitFor<T>(words: string, work: Promise<T>): Promise<T>;
  end(words: string): void;
}

interface Streams {
  readonly input: Readable & { setRawMode?(isRaw: boolean): unknown };
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Uses these streams. Aborting the signal, ending the input and Ctrl+D also leave the setup. */
export function createTerminal({ input, output, signal: interruption }: Streams): Terminal {
  const signal = AbortSignal.any([interruption, onceEnded(input)]);
  const streams = { input, output, signal };
  return {
    begin: (title) => intro(title, { output }),
    say: (kind, words) => log[kind](wrapped(sanitized(words), widthOf(output)), { output }),
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
  if (isCancel(answer)) throw new SetupCancelled();
  return answer as T;
}

/** At Ctrl+D the library would stop reading, and the question would stay open. */
function onceEnded(input: Readable): AbortSignal {
  const ended = new AbortController();
  input.once('end', () => ended.abort());
  input.on('keypress', (_, key: Key) => {
    if (key.ctrl && key.name === 'd') ended.abort();
  });
  return ended.signal;
}

const CTRL_C = '\x03';

/** Rejects at Ctrl+C or when the signal aborts. In raw mode, the terminal doesn't show what is pasted too early. */
function onceLeft({ input, signal }: Streams): Disposable & { promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new SetupCancelled());
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

/** Names and messages come from outside, and must not control the terminal. */
function sanitized(words: string): string {
  return stripVTControlCharacters(words).replaceAll(/[^\P{C}\n]/gu, '');
}

/** Breaks lines between words only, so that an address stays whole and can be copied. */
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
/** The width of what the library draws at the left. */
const GUIDE_COLUMNS = 4;
