import { randomUUID } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { ServedFile } from '../served-file.ts';
import { FILE_LIFETIME_MS } from '../tasks.ts';

export type ToolName = 'upscale' | 'remove-bg' | 'understand' | 'chat';

/** What a tool was called for, and what it cost; times in milliseconds by the sandbox's clock. */
export interface ToolCall {
  readonly id: string;
  readonly tool: ToolName;
  readonly request: object;
  readonly coins: number;
  readonly at: number;
  /** What it made, where that is a file. */
  readonly file: ServedFile | null;
}

export type ToolCalls = ReturnType<typeof createToolCalls>;

/** Every call of a tool that was charged, and what it made, for three days. */
export function createToolCalls({ clock }: { clock: Clock }) {
  const calls: ToolCall[] = [];
  return {
    add(call: Omit<ToolCall, 'id' | 'at'>): ToolCall {
      const made = { ...call, id: randomUUID(), at: clock.now() };
      calls.push(made);
      return made;
    },
    all: (): readonly ToolCall[] => [...calls],
    /** The file that a path names; null where there is none any more. */
    find(path: string): ServedFile | null {
      const call = calls.find(({ id }) => id === basename(path, extname(path)));
      return call && clock.now() < call.at + FILE_LIFETIME_MS ? call.file : null;
    },
  };
}

/** Where what a call made is served. */
export function toolFilePath({ id, file }: ToolCall): string {
  return `/files/tools/${id}.${file?.mime.split('/').at(-1)}`;
}
