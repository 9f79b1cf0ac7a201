import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createTerminal, type Terminal } from '../../src/services/setup/terminal.ts';
import { until } from './bot-on-sandbox.ts';

export const ENTER = '\r';
export const DOWN = '\x1b[B';
export const CTRL_C = '\x03';
export const CTRL_D = '\x04';

/** A terminal with somebody in front of it. */
export interface TypedTerminal {
  readonly terminal: Terminal;
  /** Waits until this is on the screen, below all that was waited for before. */
  reads(words: RegExp | string): Promise<void>;
  type(keys: string): void;
  /** Everything ever shown, as it was sent: with what was erased since. */
  shown(): string;
  /** Whether keys are shown by the terminal itself. */
  echoes(): boolean;
  /** As a signal from outside does. */
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

/** What is drawn, without how, and with the line breaks and bars taken for spaces. */
export function asText(shown: string): string {
  return stripVTControlCharacters(shown)
    .replaceAll(/\n[│|]/g, ' ')
    .replaceAll(/\s+/g, ' ');
}
