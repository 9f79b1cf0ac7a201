import { createInterface } from 'node:readline';
import { MISBEHAVIOUR_KINDS } from '../jimmyai/index.ts';
import type { Sandbox } from '../start.ts';
import { misbehaveOnce } from './misbehave.ts';
import { runCommand } from './run-command.ts';

const HELP = `Type a command as in Discord, for example
  /imagine prompt: a fox in the snow model: nano-banana-2 ratio: 16:9 reference: ./fox.jpg
or make the image service misbehave at the next image:
  ${MISBEHAVIOUR_KINDS.map((kind) => `!${kind}`).join(' ')}
Ctrl+D ends it.`;

/** Reads commands line by line until the input ends, then waits for what is still being made. */
export async function readCommands(sandbox: Sandbox, print: (text: string) => void): Promise<void> {
  print(HELP);
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  const running = new Set<Promise<void>>();
  input.prompt();
  for await (const line of input) {
    const done = obey(line.trim(), sandbox, print).catch((error: unknown) => print(messageOf(error)));
    running.add(done);
    input.prompt();
  }
  await Promise.all(running);
}

async function obey(line: string, sandbox: Sandbox, print: (text: string) => void): Promise<void> {
  if (line === '') return;
  if (line.startsWith('!')) return misbehaveOnce(line.slice(1), sandbox.jimmyAi);
  if (line.startsWith('/')) await runCommand(line, sandbox);
  else print(HELP);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
