import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createTerminal, type Terminal } from '../../src/services/setup/terminal.ts';
import { until } from './bot-on-sandbox.ts';

export const ENTER = '\r';
export const DOWN = '\x1b[B';
export const CTRL_C = '\x03';
export const CTRL_D = '\x04';

/** A terminal that a test types into. */
export interface TypedTerminal {
  readonly terminal: Terminal;
  /** Waits until this appears on the screen, after everything that was waited for before. */
  reads(words: RegExp | string): Promise<void>;
  type(keys: string): void;
  /** Everything shown so far as raw output, including text erased since. */
  shown(): string;
  /** Whether the terminal itself echoes keys. */
  echoes(): boolean;
  /** Interrupts it like a signal from outside. */
  interrupt(): void;
}

export function createTypedTerminal(): TypedTerminal {
  let isRaw = false;
  let shown = '';
  const setRawMode = (raw: boolean) => {
    isRaw = raw;
  };
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 100 });
  output.on('data', (piece) => {
    shown += piece;
  });
  const interruption = new AbortController();
  let read = 0;

  return {
    terminal: createTerminal({ input, output, signal: interruption.signal }),
    async reads(words) {
      const pattern = typeof words === 'string' ? new RegExp(RegExp.escape(words)) : words;
      await until(() => pattern.test(asText(shown.slice(read))));
      read = shown.length;
    },
    type: (keys) => input.write(keys),
    shown: () => shown,
    echoes: () => !isRaw,
    interrupt: () => interruption.abort(),
  };
}

/** The text on the screen without formatting, with line breaks and bars replaced by spaces. */
export function asText(shown: string): string {
  return stripVTControlCharacters(shown)
    .replaceAll(/\n[│|]/g, ' ')
    .replaceAll(/\s+/g, ' ');
}
